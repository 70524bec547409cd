-- One row: a protection target as the park reports it.
select target_category, target_level, nearest_facility_name
from protection_target_at($at)
where id = $id and $scope is not null
