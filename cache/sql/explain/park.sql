-- One row: the park as its authority reports it.
select id, 'park' as "table", from_source as source, coalesce(updated_at, known_from) as ts, known_from as known,
       'good' as quality, park_name as name_zh, park_name as name_en, safety_risk_grade, safety_risk_grade_date,
       last_year_water_use, park_address
from park_at($at)
where $scope is not null
limit 1
