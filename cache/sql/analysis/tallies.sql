-- One row an owner, kind and level of the analysed period, and of the one before it: sums of alarms.
select earlier, owner, kind, level,
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
where ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
group by all
order by all
