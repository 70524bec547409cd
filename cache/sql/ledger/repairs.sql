-- One row a point and approved repair or stop, whenever it is: who asks often looks for its moment in them.
select unnest(points) as point, id as fault, starts, ends
from fault_at($at)
where state = 'approved' and ($scope = 'park' or owner = $scope)
