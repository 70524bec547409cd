-- One row a point (null: any) that is under an approved repair or stop at the moment.
select fault as id, 'fault' as "table", source, ts, known, 'good' as quality,
       point, fault, reason, starts, ends
from (
    select unnest(points) as point, id as fault, reason, starts, ends,
           coalesce(owner, target) as source, applied_at as ts, known_from as known
    from fault_at($at)
    where state = 'approved' and starts <= $at::timestamp and ends > $at::timestamp
      and ($scope = 'park' or owner = $scope)
)
where $point is null or point = $point
