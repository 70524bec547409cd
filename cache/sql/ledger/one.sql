-- One row: an alarm of the ledger, however it is handled; also by the name of a record that joined it.
select a.id, a.origin, a.source, a.level, a.colour, a.kind, a.stage, a.active, a.open, a.point, a.owner, a.lon, a.lat, a.name_zh,
       a.name_en, a.medium, a.unit, a.value, a.threshold, a.is_gas, a.alarm_at, a.raised, a.cleared_at, a.handling, a.handler,
       a.handle_by, a.first_handled_at, a.contacted_at, a.contact_by, a.judged, a.judged_by, a.second_by, a.closed_at,
       a.closed_as, a.events, a.last_event, a.last_by, a.last_at, coalesce(o.name_zh, a.owner) as owner_zh,
       coalesce(o.name_en, a.owner) as owner_en, a.clears
from alarm_at($at) a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where a.id = coalesce((select max(alarm) from alarm_alias where name = $id and known <= $at::timestamp), $id)
  and ($scope = 'park' or a.owner = $scope)
