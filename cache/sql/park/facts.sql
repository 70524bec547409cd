-- One row: the park as its authority reports it; nulls where nothing is reported.
select park_name, park_address, admin_division_code, safety_risk_grade, safety_risk_grade_date, safety_risk_grade_file,
       has_residents, last_year_water_use, has_hazmat_vehicle_gathering_risk
from park_at($at)
where $scope is not null
limit 1
