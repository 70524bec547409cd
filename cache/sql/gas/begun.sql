-- One row: the first thing that was told of gas, an alarm or a device: since then anything is known of alarms.
with told as (
    select id, 'hazard_alarm' as "table", from_source as source, alarm_at as begun_at, known_from as known,
           enterprise_id as enterprise, hazard_point_id as device
    from hazard_alarm_at($at)
    union all
    select id, 'gas_leak_statistic', from_source, created_at, known_from, null, device_id from gas_leak_statistic_at($at)
    union all
    select id, 'parking_gas_alarm', from_source, alarm_at, known_from, null, indicator_id from parking_gas_alarm_at($at)
    union all
    select id, 'gas_device', from_source, known_from, known_from, null, id from gas_device_at($at)
)
select id, "table", source, begun_at, known, begun_at as ts, 'good' as quality
from told
where begun_at is not null
  and ($scope = 'park' or enterprise = $scope or device in (select id from feature where owner = $scope))
order by begun_at, id
limit 1
