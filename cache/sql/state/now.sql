-- One row a measuring point: what panels need of its newest value; the wind is everybody's, the rest the scope's own.
select id, name_zh, name_en, owner, kind, medium, unit, alarm_hi, value, status, ts, known,
       ($scope = 'park' or owner = $scope) as own
from state
where ($scope = 'park' or owner = $scope or kind in ('wind_direction', 'wind_speed')) and $at is not null
