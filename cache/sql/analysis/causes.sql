-- One row a way in which alarms of the analysed period ended, or a judgement of those that have not: how many.
select case when stage = 'closed' then closed_as when stage in ('handled', 'off') then 'handled' else 'open' end as cause,
       count(*) as n, max(alarm_at) as newest_at
from analysed_alarm_at($at, $period, $starts, $ends, $earlier_starts, $earlier_ends)
where not earlier and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
group by all
order by n desc, cause
