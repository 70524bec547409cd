-- One row a local day and level of the analysed period: sums of alarms.
with quarter as (
    -- no zone is off by less: so a year's alarms need not be told one by one which day it was
    select time_bucket(interval 15 minute, alarm_at) as start, level,
           count(*) as n,
           count(*) filter (closed_as in ('false', 'momentary')) as invalid,
           count(*) filter (handled) as handled,
           count(*) filter (timely) as timely,
           count(judged) as judged,
           count(*) filter (judged = 'false') as untrue,
           count(ack_ms) as acked, coalesce(sum(ack_ms), 0)::bigint as ack_ms,
           count(clearing_ms) as cleared, coalesce(sum(clearing_ms), 0)::bigint as clearing_ms,
           count(*) filter (stale) as stale, max(alarm_at) as newest_at
    from analysed_alarm_at($at, $period, $starts, $ends, $earlier_starts, $earlier_ends)
    where not earlier and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
    group by all
)
select timezone($zone, timezone('UTC', start))::date as day, level,
       sum(columns(* exclude (start, level, newest_at)))::bigint, max(newest_at) as newest_at
from quarter
group by all
order by all
