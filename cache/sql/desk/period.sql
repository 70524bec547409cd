-- One row an alarm that was raised in the last 24 h, or is not closed yet, in the order in which they were raised.
select a.id, a.origin as "table", a.source, a.alarm_at as ts, a.known, 'good' as quality, a.name_zh, a.name_en, a.level, a.colour,
       a.kind as alarm_kind, a.point, a.owner, coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en,
       a.medium, a.unit, a.value, a.threshold, a.is_gas, a.alarm_at, a.cleared_at, a.raised, a.handle_by, a.first_handled_at,
       a.closed_at, a.stage, a.handling, a.handler, a.judged, a.active, a.open,
       a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour as recent,
       a.alarm_at <= date_trunc('minute', $at::timestamp) - interval 24 hour and a.stage <> 'closed' as old,
       a.stage = 'new' and a.level <> 'D' as unhandled,
       coalesce(a.first_handled_at <= a.handle_by, false) as timely,
       date_diff('millisecond', a.alarm_at, a.cleared_at) / 1000.0 as clearing_s
from alarm_at($at) a
left join feature o on o.layer = 'enterprises' and o.id = a.owner
where (a.stage <> 'closed' or a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour)
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
order by a.alarm_at, a.id
