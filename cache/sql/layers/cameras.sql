-- One row a camera that is switched off.
select id, 'offline' as state
from camera_at($at)
where enable_status = '02' and ($scope = 'park' or enterprise_id = $scope)
