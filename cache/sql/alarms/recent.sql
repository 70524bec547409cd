-- One row an alarm that is open or was raised in the last 24 h; open ones first, worst first, newest first.
select id, origin, level, colour, kind, point, owner, lon, lat, name_zh, name_en, medium, unit, value, threshold,
       alarm_at, cleared_at, handling, open, is_gas
from alarm_at($at)
where until > date_trunc('minute', $at::timestamp) - interval 24 hour
  and (open or alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour)
  and ($scope = 'park' or owner = $scope)
  and ($enterprise is null or owner = $enterprise)
order by open desc, strpos('SABCD', level), alarm_at desc, id
