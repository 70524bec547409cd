-- One row a record that decides about a hazmat vehicle inside the park: by which it is inside, where it is, whether it is loaded.
with pass as (
    select split_part(vehicle_id, ':', -1) as vehicle, * from vehicle_pass_record_at($at)
    where passed_at <= date_trunc('minute', $at::timestamp)
    qualify row_number() over (partition by split_part(vehicle_id, ':', -1) order by passed_at desc, id) = 1
),
seen as (
    select vehicle_id as vehicle, * from hazmat_vehicle_position_at($at)
    where located_at <= date_trunc('minute', $at::timestamp) + interval 1 minute
      and located_at > date_trunc('minute', $at::timestamp) - interval 24 hour
    qualify row_number() over (partition by vehicle_id order by located_at desc, id) = 1
),
described as (
    select vehicle_id as vehicle, * from hazmat_vehicle_position_at($at)
    where located_at <= date_trunc('minute', $at::timestamp) + interval 1 minute
      and located_at > date_trunc('minute', $at::timestamp) - interval 24 hour and position_description is not null
    qualify row_number() over (partition by vehicle_id order by located_at desc, id) = 1
),
parked as (
    select split_part(vehicle_id, ':', -1) as vehicle, *,
           max(passed_at) over (partition by split_part(vehicle_id, ':', -1)) as till
    from parking_vehicle_record_at($at)
    where passed_at <= date_trunc('minute', $at::timestamp)
    qualify row_number() over (partition by split_part(vehicle_id, ':', -1) order by load_type is null, passed_at desc, id) = 1
),
booking as (
    select a.vehicle_id as vehicle, a.pass_window_start_at, a.pass_window_end_at, i.handling_mode, i.id, i.known_from,
           i.from_source, (a.pass_window_start_at, i.id) as turn,
           case when i.handling_mode = '01' then coalesce(i.origin_unit_id, i.destination_unit_id)
                else coalesce(i.destination_unit_id, i.origin_unit_id) end as unit
    from hazmat_vehicle_application_at($at) a
    join hazmat_vehicle_application_item_at($at) i on i.hazmat_vehicle_application_id = a.id
    where a.pass_window_start_at <= date_trunc('minute', $at::timestamp) and a.review_status = '03'
),
booked as (
    select vehicle, max(pass_window_end_at) as till, arg_max(handling_mode, turn) as handling_mode,
           arg_max(unit, turn) as unit, arg_max(id, turn) filter (handling_mode is not null) as item
    from booking group by vehicle
),
inside as (
    select v.id as vehicle, v.plate_no, p.id as pass, s.id as place, d.id as described, k.id as parking, b.item,
           case when d.position_description like '重载%' then 'loaded' when d.position_description like '空载%' then 'empty' end as told,
           coalesce(k.load_type, b.handling_mode) as mode, k.load_type
    from hazmat_vehicle_at($at) v
    left join pass p on p.vehicle = v.id
    left join seen s on s.vehicle = v.id
    left join described d on d.vehicle = v.id
    left join parked k on k.vehicle = v.id and coalesce(k.till >= p.passed_at, true)
    left join booked b on b.vehicle = v.id and coalesce(b.till >= p.passed_at, true)
    where coalesce(p.pass_direction = '01', s.id is not null)
      and ($scope = 'park' or b.unit = $scope) and ($enterprise is null or b.unit = $enterprise)
),
deciding as (
    select i.vehicle, 'inside' as says, 'vehicle_pass_record' as "table", p.id, p.passed_at as ts, p.known_from, p.from_source,
           null as load
    from inside i join pass p on p.id = i.pass
    union all
    select i.vehicle, unnest(case when i.pass is null then ['inside', 'place'] else ['place'] end), 'hazmat_vehicle_position',
           s.id, s.located_at, s.known_from, s.from_source, null
    from inside i join seen s on s.id = i.place
    union all
    select i.vehicle, 'load', 'hazmat_vehicle_position', s.id, s.located_at, s.known_from, s.from_source, i.told
    from inside i join described s on s.id = i.described where i.told is not null
    union all
    select i.vehicle, 'load', 'parking_vehicle_record', k.id, k.passed_at, k.known_from, k.from_source,
           case i.mode when '02' then 'loaded' when '01' then 'empty' end
    from inside i join parked k on k.id = i.parking where i.told is null and i.load_type is not null
    union all
    select i.vehicle, 'load', 'hazmat_vehicle_application_item', b.id, b.pass_window_start_at, b.known_from, b.from_source,
           case i.mode when '02' then 'loaded' when '01' then 'empty' end
    from inside i join booking b on b.id = i.item and b.vehicle = i.vehicle where i.told is null and i.load_type is null
)
select d.id, d."table", d.from_source as source, d.ts, d.known_from as known, 'good' as quality,
       i.plate_no as name_zh, i.plate_no as name_en, d.vehicle, d.says, d.load
from deciding d join inside i on i.vehicle = d.vehicle
order by d.says, d.vehicle
