-- One row an alarm that a point had within the last 30 days; in the terms of desk/before.
select id, origin as "table", source, alarm_at as ts, known, 'good' as quality, name_zh, name_en, owner, point, level, value,
       unit, threshold, alarm_at, cleared_at, handling, judged, date_diff('second', alarm_at, cleared_at) as lasted_s
from alarm_at($at)
where point = $id and alarm_at > date_trunc('minute', $at::timestamp) - interval 30 day and ($scope = 'park' or owner = $scope)
order by alarm_at desc, id
