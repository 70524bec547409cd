-- One row a hazmat vehicle inside the park at the moment: last seen, last pass, loaded or not, bound for whom.
with pass as (
    select split_part(vehicle_id, ':', -1) as id, arg_max(pass_direction, passed_at) as direction,
           max(passed_at) as passed_at, arg_max(checkpoint_id, passed_at) as gate
    from vehicle_pass_record_at($at)
    where passed_at <= date_trunc('minute', $at::timestamp) group by 1
),
seen as (
    select vehicle_id as id, max(located_at) as located_at, arg_max(longitude, located_at) as lon,
           arg_max(latitude, located_at) as lat, arg_max(position_description, located_at) as place
    from hazmat_vehicle_position_at($at)
    where located_at <= date_trunc('minute', $at::timestamp) and located_at > date_trunc('minute', $at::timestamp) - interval 24 hour group by 1
),
parked as (
    select split_part(vehicle_id, ':', -1) as id, arg_max(load_type, passed_at) as load_type
    from parking_vehicle_record_at($at) where passed_at <= date_trunc('minute', $at::timestamp) group by 1
),
booked as (
    select a.vehicle_id as id, arg_max(i.handling_mode, a.pass_window_start_at) as handling_mode,
           arg_max(i.cargo_name, a.pass_window_start_at) as cargo,
           arg_max(i.destination_unit_id, a.pass_window_start_at) as destination
    from hazmat_vehicle_application_at($at) a
    join hazmat_vehicle_application_item_at($at) i on i.hazmat_vehicle_application_id = a.id
    where a.pass_window_start_at <= date_trunc('minute', $at::timestamp) group by 1
)
select v.id, v.plate_no, v.vehicle_type, b.cargo, b.destination as owner, s.place, p.gate, p.passed_at,
       s.located_at, s.lon, s.lat,
       -- some locators write the load into the place, in the words of the dictionary
       case when coalesce(k.load_type, b.handling_mode) = '02' or s.place like '重载%' then 'loaded'
            when coalesce(k.load_type, b.handling_mode) = '01' or s.place like '空载%' then 'empty'
            else 'unknown' end as load,
       coalesce(o.name_zh, b.destination) as destination_zh, coalesce(o.name_en, b.destination) as destination_en
from hazmat_vehicle_at($at) v
left join pass p on p.id = v.id
left join seen s on s.id = v.id
left join parked k on k.id = v.id
left join booked b on b.id = v.id
left join feature o on o.layer = 'enterprises' and o.id = b.destination
where coalesce(p.direction = '01', s.id is not null)
  and ($scope = 'park' or b.destination = $scope) and ($enterprise is null or b.destination = $enterprise)
order by load = 'loaded' desc, p.passed_at desc nulls last, v.id
