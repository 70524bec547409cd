-- One row: what a land-safety control line was checked against.
select meets_safety_distance, covers_individual_risk_contour, covers_accident_consequence
from land_safety_control_line_ext_at($at)
where plan_id = $id and $scope is not null
