-- one row per state of handling: how many alarms are open in it
select handling, count(*) as n
from alarm_at($at)
where until = '9999-12-31'::timestamp and open and ($scope = 'park' or owner = $scope)
group by handling
order by handling
