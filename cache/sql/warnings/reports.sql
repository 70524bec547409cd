-- One row an accident investigation report of a gas warning, in order.
select r.id, r.known, r.name, r.bytes, r.sha256, r.author
from gas_report r
where r.warning = $id and r.known <= $at::timestamp
  and ($scope = 'park' or exists (select 1 from gas_warning w where w.id = $id and w.owner = $scope))
order by r.known, r.id
