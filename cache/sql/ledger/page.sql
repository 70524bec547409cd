-- One row an alarm of the ledger, newest first, from a place in that order on; null filters let everything pass.
with found as (
    select *
    from alarm_at($at)
    where ($scope = 'park' or owner = $scope)
      and ($state <> 'open' or until = '9999-12-31'::timestamp)
      and ($state = 'all' or ($state = 'closed') = (stage = 'closed'))
      and ($level is null or list_contains(string_split($level, ','), level))
      and ($stage is null or list_contains(string_split($stage, ','), stage))
      and ($business is null or $business = case
              when is_gas then 'gas'
              when origin in ('reading', 'hazard_alarm') then 'process'
              when origin = 'video_ai_alarm' then 'video'
              when origin = 'special_work_alarm' then 'work'
              when origin = 'parking_fire_alarm' then 'fire'
              else 'closure' end)
      and ($kind is null or kind = $kind)
      and ($owner is null or owner = $owner)
      and ($point is null or point = $point)
      and ($words is null or contains(lower(concat_ws(' ', id, name_zh, name_en, medium, point)), lower($words)))
      and ($start is null or (alarm_at >= $start::timestamp and until >= $start::timestamp))
      and ($end is null or alarm_at < $end::timestamp)
      and ($last_at is null or alarm_at < $last_at::timestamp or (alarm_at = $last_at::timestamp and id < $last_id))
      and $at::timestamp is not null -- no page stands from moment to moment: there are too many of them
    order by alarm_at desc, id desc
    limit $limit
)
select a.id, a.origin, a.source, a.level, a.colour, a.kind, a.stage, a.active, a.open, a.point, a.owner, a.lon, a.lat, a.name_zh,
       a.name_en, a.medium, a.unit, a.value, a.threshold, a.is_gas, a.alarm_at, a.raised, a.cleared_at, a.handling, a.handler,
       a.handle_by, a.first_handled_at, a.contacted_at, a.contact_by, a.judged, a.judged_by, a.second_by, a.closed_at,
       a.closed_as, a.events, a.last_event, a.last_by, a.last_at, coalesce(o.name_zh, a.owner) as owner_zh,
       coalesce(o.name_en, a.owner) as owner_en
from found a left join feature o on o.layer = 'enterprises' and o.id = a.owner
order by a.alarm_at desc, a.id desc
