-- One row a direction of the wind in the newest recorded year, in per cent.
select id, 'park_wind_rose' as "table", from_source as source, coalesce(updated_at, known_from) as ts, known_from as known,
       'good' as quality, wind_direction as name_zh, wind_direction as name_en, wind_direction as direction,
       wind_frequency as percent, record_year as year
from park_wind_rose_at($at)
where $scope is not null
qualify record_year = max(record_year) over ()
order by percent desc, direction
