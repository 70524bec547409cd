-- One row a local day of the last 12 local months and a colour: how many gas alarms were raised on it.
with today as (select timezone($zone, timezone('UTC', date_trunc('minute', $at::timestamp))) as now)
select timezone($zone, timezone('UTC', alarm_at))::date as day, colour, count(*) as n
from alarm_at($at)
where is_gas
  and alarm_at >= (select timezone('UTC', timezone($zone, date_trunc('month', now) - interval 11 month)) from today)
  and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
group by day, colour
order by day, colour
