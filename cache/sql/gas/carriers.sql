-- One row a point that measures a gas, whoever owns it, by its number: the device that it belongs to; another's has no name.
select p.ix as id,
       case when $scope = 'park' or p.owner = $scope then coalesce(i.device_id, p.id)
            else md5(coalesce(i.device_id, p.id)) end as device
from point p left join indicator_at($at) i on i.id = p.id
where p.kind in ('combustible_gas', 'toxic_gas')
order by p.ix
