-- One row a gas device in use whose reach is known, whoever owns it: an area is covered by everybody's devices, another's without a name.
with reported as (
    select id, device_type, device_status, coverage_radius as radius_m, longitude as lon, latitude as lat from gas_device_at($at)
),
owners as (
    select i.device_id as id, any_value(p.owner) as owner
    from indicator_at($at) i join point p on p.id = i.id
    group by i.device_id
),
devices as (
    select * from reported
    union all
    select id, '04', '01', (props->>'coverage_m')::double, lon, lat
    from feature where layer = 'gas_cameras' and id not in (select id from reported)
)
select case when $scope = 'park' or coalesce(p.owner, w.owner, f.owner) = $scope then d.id else md5(d.id) end as id,
       d.device_type, d.device_status, d.radius_m, d.lon, d.lat, (f.props->>'direction_deg')::double as direction_deg, (f.props->>'fov_deg')::double as fov_deg
from devices d left join feature f on f.id = d.id and f.layer <> 'sensors'
left join point p on p.id = d.id
left join owners w on w.id = d.id
where d.device_status = '01' and d.radius_m > 0
order by d.id
