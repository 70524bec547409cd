-- One row a gas device: as its owner reports it, else as the map has it, by kind and id.
with reported as (
    select id, device_name as name, device_type, device_status, coverage_radius as radius_m, longitude as lon, latitude as lat,
           commissioned_date, 'gas_device' as "table", from_source as source, known_from as known
    from gas_device_at($at)
    union all
    select id, device_name, '01', device_status, null, longitude, latitude, commissioned_date,
           'parking_gas_device', from_source, known_from
    from parking_gas_device_at($at) where id not in (select id from gas_device_at($at))
),
owners as (
    select i.device_id as id, any_value(p.owner) as owner
    from indicator_at($at) i join point p on p.id = i.id
    group by i.device_id
),
-- what a detector of the map belongs to, where that is not reported: mostly the detector itself
mapped as (
    select coalesce(i.device_id, p.id) as id, any_value(p.name_zh) as name, '01' as device_type, any_value(p.lon) as lon,
           any_value(p.lat) as lat, null::double as radius_m, 'sensors' as "table", 'geo/sensors.geojson' as source
    from point p left join indicator_at($at) i on i.id = p.id
    where p.kind in ('combustible_gas', 'toxic_gas') and coalesce(i.device_id, p.id) not in (select id from reported)
    group by 1
    union all
    select id, name_zh, '04', lon, lat, (props->>'coverage_m')::double, layer, 'geo/gas_cameras.geojson'
    from feature where layer = 'gas_cameras' and id not in (select id from reported)
),
devices as (
    select * from reported
    union all by name
    select *, '01' as device_status from mapped
)
select d.id, d.device_type, d.device_status, d.radius_m, d.lon, d.lat, d.commissioned_date, d."table", d.source, d.known,
       coalesce(p.name_zh, f.name_zh, d.name) as name_zh, coalesce(p.name_en, f.name_en, d.name) as name_en,
       coalesce(p.owner, w.owner, f.owner) as owner, coalesce(o.name_zh, p.owner, w.owner, f.owner) as owner_zh,
       coalesce(o.name_en, p.owner, w.owner, f.owner) as owner_en,
       (f.props->>'direction_deg')::double as direction_deg, (f.props->>'fov_deg')::double as fov_deg
from devices d
left join point p on p.id = d.id
left join feature f on f.id = d.id and f.layer <> 'sensors'
left join owners w on w.id = d.id
left join feature o on o.layer = 'enterprises' and o.id = coalesce(p.owner, w.owner, f.owner)
where ($scope = 'park' or coalesce(p.owner, w.owner, f.owner) = $scope)
  and ($enterprise is null or coalesce(p.owner, w.owner, f.owner) = $enterprise)
order by d.device_type, d.id
