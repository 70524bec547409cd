-- one row per level, stage and state of handling: how many alarms are open in it
select level, stage, handling, count(*) as n
from alarm_at($at)
where until = '9999-12-31'::timestamp and open and ($scope = 'park' or owner = $scope)
group by level, stage, handling
order by level, stage, handling
