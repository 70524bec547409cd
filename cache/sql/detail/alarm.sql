-- One row: an alarm, open or not.
select id, origin, level, colour, kind, point, owner, lon, lat, name_zh, name_en, medium, unit, value, threshold,
       alarm_at, cleared_at, handling, open, is_gas
from alarm_at($at)
where id = $id and ($scope = 'park' or owner = $scope)
