-- One row a direction of the wind in the newest recorded year, in per cent.
select wind_direction as direction, wind_frequency as percent, record_year as year
from park_wind_rose_at($at)
where $scope is not null
qualify record_year = max(record_year) over ()
order by percent desc, direction
