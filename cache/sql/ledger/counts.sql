-- One row a level and a stage of alarms that are not closed: how many, and how many of them are late in their first handling.
select level, colour, stage, count(*) as n, count(*) filter (active) as lasting,
       count(*) filter (first_handled_at is null and handle_by < date_trunc('minute', $at::timestamp)) as late
from alarm_at($at)
where until = '9999-12-31'::timestamp and ($scope = 'park' or owner = $scope)
group by level, colour, stage
order by strpos('SABCD', level), stage
