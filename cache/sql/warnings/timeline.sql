-- One row an entry of the journal about a gas warning, in order; only who it belongs to is told what people said.
select j.seq, j.known as at, j.event, j.who, j.said
from journal j
where j.stream = 'warning' and j.subject = $id and j.known <= $at::timestamp
  and ($scope = 'park' or exists (select 1 from gas_warning w where w.id = $id and w.owner = $scope))
order by j.seq
