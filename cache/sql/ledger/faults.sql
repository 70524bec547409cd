-- One row an application for points under repair or stopped, newest first.
select f.id, f.state, f.reason, f.target, f.owner, f.points, f.starts, f.ends, f.note, f.applied_by, f.applied_at, f.decided_by,
       f.decided_at, f.decision, f.state = 'approved' and f.starts <= $at::timestamp and f.ends > $at::timestamp as running,
       (select count(*) from journal j where j.stream = 'fault' and j.subject = f.id and j.event = 'hushed'
            and j.known <= $at::timestamp) as hushed
from fault f
where f.known_from <= $at::timestamp and (f.known_to is null or f.known_to > $at::timestamp)
  and ($scope = 'park' or f.owner = $scope)
  and ($id is null or f.id = $id)
  and ($state is null or f.state = $state)
  and ($point is null or list_contains(f.points, $point))
order by f.applied_at desc, f.id
limit $limit
