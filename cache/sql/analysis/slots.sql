-- One row a local day of the analysed period and a number of alarms: how many stretches of ten minutes had so many; of the period
-- before without the day.
with slot as (
    select earlier, time_bucket(interval 10 minute, alarm_at) as start, count(*) as n
    from analysed_alarm_at($at, $period, $starts, $ends, $earlier_starts, $earlier_ends)
    where ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
    group by all
)
select earlier, case when not earlier then timezone($zone, timezone('UTC', start))::date end as day, n, count(*) as slots
from slot
group by all
order by all
