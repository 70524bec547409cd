-- One row a point that measures a gas, whoever owns it: the device that it belongs to.
select p.id, coalesce(i.device_id, p.id) as device
from point p left join indicator_at($at) i on i.id = p.id
where p.kind in ('combustible_gas', 'toxic_gas') and $scope is not null
order by p.id
