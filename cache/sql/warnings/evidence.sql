-- One row an evaluation of a gas warning: what its level was computed from, in order.
select e.* exclude (warning)
from gas_evidence e
where e.warning = $id and e.known <= $at::timestamp
  and ($scope = 'park' or exists (select 1 from gas_warning w where w.id = $id and w.owner = $scope))
order by e.known, e.seq
