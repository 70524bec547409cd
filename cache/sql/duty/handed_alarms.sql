-- One row an alarm that a shift hands over, or that was raised or closed since the last handover (since eight hours where
-- there was none), with what it counts as.
with last as (
    select coalesce(max(as_of), date_trunc('hour', $at::timestamp) - interval 8 hour) as since
    from handover_at($at)
    where state in ('given', 'done') and org = $scope
)
select a.* exclude (kind, origin), l.since, a.stage = 'held' as is_held,
       a.open and a.stage <> 'held' and a.alarm_kind <> 'source' as is_open, a.open and a.alarm_kind = 'source' as is_source,
       a.alarm_at > l.since as is_raised, coalesce(a.closed_at > l.since, false) as is_closed
from desk_alarm_at($at) a, last l
where ($scope = 'park' or a.owner = $scope)
  and (a.stage = 'held' or a.open or a.alarm_at > l.since or a.closed_at > l.since)
order by a.stage = 'held' desc, strpos('SABCD', a.level), a.alarm_at desc, a.id
