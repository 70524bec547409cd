-- One row an alarm of level S or A to which something has become known after a moment, newest first.
select id, level, colour, kind, point, owner, lon, lat, name_zh, name_en, medium, unit, value, threshold, alarm_at,
       cleared_at, handling, open, stage
from alarm_at($at)
where until > $since::timestamp and level in ('S', 'A') and last_at > $since::timestamp
  and ($scope = 'park' or owner = $scope)
order by alarm_at desc, id
