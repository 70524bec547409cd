-- One row an alarm that was raised in the last 24 h, or is not closed yet, in the order in which they were raised.
select a.* exclude (kind, origin),
       a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour as recent,
       a.alarm_at <= date_trunc('minute', $at::timestamp) - interval 24 hour and a.stage <> 'closed' as old,
       a.stage = 'new' and a.level <> 'D' as unhandled,
       coalesce(a.first_handled_at <= a.handle_by, false) as timely,
       date_diff('millisecond', a.alarm_at, a.cleared_at) / 1000.0 as clearing_s,
       case when a.first_handled_at >= a.alarm_at then date_diff('millisecond', a.alarm_at, a.first_handled_at) / 1000.0 end as ack_s
from desk_alarm_at($at) a
where (a.stage <> 'closed' or a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour)
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
order by a.alarm_at, a.id
