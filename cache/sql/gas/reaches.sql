-- One row a gas device in use whose reach is known, whoever owns it: an area is covered by everybody's devices.
with reported as (
    select id, device_type, device_status, coverage_radius as radius_m, longitude as lon, latitude as lat from gas_device_at($at)
),
devices as (
    select * from reported
    union all
    select id, '04', '01', (props->>'coverage_m')::double, lon, lat
    from feature where layer = 'gas_cameras' and id not in (select id from reported)
)
select d.*, (f.props->>'direction_deg')::double as direction_deg, (f.props->>'fov_deg')::double as fov_deg
from devices d left join feature f on f.id = d.id and f.layer <> 'sensors'
where d.device_status = '01' and d.radius_m > 0 and $scope is not null
order by d.id
