-- One row: the park as its authority reports it; nulls where nothing is reported.
select park_name, park_address, admin_division_code, safety_risk_grade, safety_risk_grade_date, safety_risk_grade_file,
       has_residents, last_year_water_use, has_hazmat_vehicle_gathering_risk,
       (select max(m.planned_area) from park_master_plan_ext_at($at) m) as planned_km2,
       (select max(a.planned_area) from park_approval_document_at($at) a where a.approval_document_type = '01') as approved_km2
from park_at($at)
where $scope is not null
limit 1
