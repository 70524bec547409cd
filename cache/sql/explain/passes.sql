-- One row a pass through a gate since the local midnight before the moment; it does not say whose.
with day as (select timezone('UTC', timezone($zone, date_trunc('day', timezone($zone, timezone('UTC', $at::timestamp)))))::timestamp as start),
passes as (
    select 'person' as what, 'person_pass_record' as "table", id, checkpoint_id, pass_direction, passed_at, known_from, from_source
    from person_pass_record_at($at) where checkpoint_id = $id
    union all
    select 'vehicle', 'vehicle_pass_record', id, checkpoint_id, pass_direction, passed_at, known_from, from_source
    from vehicle_pass_record_at($at) where checkpoint_id = $id
)
select p.id, p."table", p.from_source as source, p.passed_at as ts, p.known_from as known, 'good' as quality,
       coalesce(f.name_zh, p.checkpoint_id) as name_zh, coalesce(f.name_en, p.checkpoint_id) as name_en,
       p.what || '_' || case p.pass_direction when '01' then 'in' when '02' then 'out' end as pass
from passes p join day on p.passed_at >= day.start left join feature f on f.layer = 'gates' and f.id = p.checkpoint_id
where p.passed_at <= $at::timestamp and $scope is not null
order by p.passed_at desc, p.id
