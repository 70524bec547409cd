-- One row: the newest wind of the park's weather stations (degrees clockwise from north, m/s), null where none answers.
select arg_max(value, ts) filter (kind = 'wind_direction') as direction_deg,
       arg_max(value, ts) filter (kind = 'wind_speed') as speed, max(ts) as ts
from state
where kind in ('wind_direction', 'wind_speed') and status not in ('offline', 'nodata', 'bad')
  and $at is not null and $scope is not null
