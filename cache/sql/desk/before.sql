-- One row: how often a point was in alarm within the last 30 days, how long on the average, how often for nothing.
select count(*) as alarms, count(*) filter (judged = 'false') as false_ones, count(*) filter (judged is not null) as judged_ones,
       avg(date_diff('second', alarm_at, cleared_at)) as lasted_s, max(alarm_at) as newest_at
from alarm_at($at)
where point = $id and alarm_at > date_trunc('minute', $at::timestamp) - interval 30 day and ($scope = 'park' or owner = $scope)
