-- One row a point or device that tells of gas: how far it reaches, as it is known in the whole minute, and its first limit.
with reported as (select id, coverage_radius as radius_m, device_status from gas_device_at($at) where coverage_radius > 0),
cameras as (
    select id, (props->>'coverage_m')::double as radius_m from feature
    where layer = 'gas_cameras' and id not in (select id from reported)
),
reach as (select id, radius_m from reported union all select id, radius_m from cameras where radius_m > 0)
select p.id, p.alarm_hi, r.radius_m
from point p left join indicator_at($at) i on i.id = p.id left join reach r on r.id = coalesce(i.device_id, p.id)
where p.kind in ('combustible_gas', 'toxic_gas') and ($scope = 'park' or p.owner = $scope)
union all
select r.id, null, r.radius_m
from reach r where r.id not in (select id from point) and $scope = 'park'
