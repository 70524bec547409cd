-- One row a point that measures a gas, whoever owns it: the device that it belongs to.
with devices as (
    select id from gas_device_at($at) union select id from parking_gas_device_at($at)
)
select p.id, coalesce(d.id, w.id, p.id) as device
from point p
left join indicator_at($at) i on i.id = p.id
left join devices d on d.id = i.device_id
left join devices w on w.id = p.parent
where p.kind in ('combustible_gas', 'toxic_gas') and $scope is not null
order by p.id
