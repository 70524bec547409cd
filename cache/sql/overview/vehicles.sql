-- One row a hazmat vehicle inside the park at the moment: last seen, last pass, loaded or not, what it brings or fetches, at whom.
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
    -- a place is told anew each time: one of this very minute has taken the place of the one before
    where located_at <= date_trunc('minute', $at::timestamp) + interval 1 minute and located_at > date_trunc('minute', $at::timestamp) - interval 24 hour group by 1
),
parked as (
    select split_part(vehicle_id, ':', -1) as id, arg_max(load_type, passed_at) as load_type, max(passed_at) as passed_at
    from parking_vehicle_record_at($at) where passed_at <= date_trunc('minute', $at::timestamp) group by 1
),
booking as (
    -- what is carried together begins together: of several the last item stands for all
    select a.vehicle_id as id, (a.pass_window_start_at, i.id) as turn, a.pass_window_end_at, i.handling_mode, i.cargo_name,
           -- the end of the way that lies in the park: who loads it, or who receives what it brings
           case when i.handling_mode = '01' then coalesce(i.origin_unit_id, i.destination_unit_id)
                else coalesce(i.destination_unit_id, i.origin_unit_id) end as unit
    from hazmat_vehicle_application_at($at) a
    join hazmat_vehicle_application_item_at($at) i on i.hazmat_vehicle_application_id = a.id
    where a.pass_window_start_at <= date_trunc('minute', $at::timestamp) and a.review_status = '03'
),
booked as (
    select id, max(pass_window_end_at) as till, arg_max(handling_mode, turn) as handling_mode,
           arg_max(cargo_name, turn) as cargo, arg_max(unit, turn) as destination
    from booking group by 1
)
select v.id, v.plate_no, v.vehicle_type, b.cargo, b.destination as owner, s.place, p.gate, p.passed_at,
       s.located_at, s.lon, s.lat,
       -- some locators write the load into the place, in the words of the dictionary; they know it last
       case when s.place like '重载%' then 'loaded' when s.place like '空载%' then 'empty'
            when coalesce(k.load_type, b.handling_mode) = '02' then 'loaded'
            when coalesce(k.load_type, b.handling_mode) = '01' then 'empty'
            else 'unknown' end as load,
       coalesce(o.name_zh, b.destination) as destination_zh, coalesce(o.name_en, b.destination) as destination_en
from hazmat_vehicle_at($at) v
left join pass p on p.id = v.id
left join seen s on s.id = v.id
-- what was said of an earlier stay says nothing of this one
left join parked k on k.id = v.id and coalesce(k.passed_at >= p.passed_at, true)
left join booked b on b.id = v.id and coalesce(b.till >= p.passed_at, true)
left join feature o on o.layer = 'enterprises' and o.id = b.destination
where coalesce(p.direction = '01', s.id is not null)
  and ($scope = 'park' or b.destination = $scope) and ($enterprise is null or b.destination = $enterprise)
order by load = 'loaded' desc, p.passed_at desc nulls last, v.id
