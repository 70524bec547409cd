-- One row a caution notice, named criticism or inspection on file, newest first.
select c.id, 'gas_caution' as "table", 'parktwin' as source, c.known as ts, c.known, 'good' as quality, c.warning,
       c.kind as caution_kind, c.level, c.enterprise as owner, c.due, c.in_row, c.known as filed_at, w.name_zh, w.name_en, w.point,
       coalesce(o.name_zh, c.enterprise) as owner_zh, coalesce(o.name_en, c.enterprise) as owner_en
from gas_caution_at($at) c join gas_warning_at($at) w on w.id = c.warning
left join feature o on o.layer = 'enterprises' and o.id = c.enterprise
where ($scope = 'park' or c.enterprise = $scope)
  and ($enterprise is null or c.enterprise = $enterprise)
order by c.known desc, c.id
limit 500
