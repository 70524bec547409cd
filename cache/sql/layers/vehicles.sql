-- One row a hazmat vehicle whose place has been told within half an hour: its newest place.
select p.vehicle_id as id, max(p.located_at) as updated_at, arg_max(p.longitude, p.located_at) as lon,
       arg_max(p.latitude, p.located_at) as lat, arg_max(p.position_description, p.located_at) as place,
       any_value(v.plate_no) as name_zh, any_value(v.plate_no) as name_en, any_value(v.vehicle_type) as kind,
       case when max(p.located_at) < $at::timestamp - interval 15 minute then 'stale' else 'normal' end as state
from hazmat_vehicle_position_at($at) p left join hazmat_vehicle_at($at) v on v.id = p.vehicle_id
where p.located_at <= $at::timestamp and p.located_at > $at::timestamp - interval 30 minute and $scope = 'park'
group by p.vehicle_id
