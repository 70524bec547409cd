-- One row a caution notice, named criticism or inspection on file, newest first.
select c.id, c.warning, c.known, c.kind, c.level, c.enterprise, c.due, c.in_row,
       coalesce(o.name_zh, c.enterprise) as owner_zh, coalesce(o.name_en, c.enterprise) as owner_en
from gas_caution c left join feature o on o.layer = 'enterprises' and o.id = c.enterprise
where c.known <= $at::timestamp and ($scope = 'park' or c.enterprise = $scope)
  and ($id is null or c.warning = $id) and ($enterprise is null or c.enterprise = $enterprise)
order by c.known desc, c.id
limit $limit
