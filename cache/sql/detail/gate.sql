-- One row: passes through a gate since the local midnight before the moment.
with day as (select timezone('UTC', timezone($zone, date_trunc('day', timezone($zone, timezone('UTC', $at::timestamp)))))::timestamp as start),
passes as (
    select 'person' as what, pass_direction, passed_at from person_pass_record_at($at) where checkpoint_id = $id
    union all
    select 'vehicle', pass_direction, passed_at from vehicle_pass_record_at($at) where checkpoint_id = $id
)
select count(*) filter (what = 'person' and pass_direction = '01')::bigint as persons_in,
       count(*) filter (what = 'person' and pass_direction = '02')::bigint as persons_out,
       count(*) filter (what = 'vehicle' and pass_direction = '01')::bigint as vehicles_in,
       count(*) filter (what = 'vehicle' and pass_direction = '02')::bigint as vehicles_out, max(passed_at) as last_at
from passes, day
where passed_at >= day.start and passed_at <= $at::timestamp and $scope is not null
