-- One row a gas-cloud camera that sees a leak now: the colour of its worst open alarm.
select point as id, arg_min(colour, strpos('SABCD', level)) as state, min(level) as badge
from alarm_at($at)
where open and point in (select id from feature where layer = 'gas_cameras')
  and ($scope = 'park' or owner = $scope)
group by point
