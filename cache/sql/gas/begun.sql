-- One row: the first thing that was told of gas, an alarm or a device: since then anything is known of alarms.
with told as (
    select id, 'hazard_alarm' as "table", from_source as source, alarm_at as begun_at, known_from as known
    from hazard_alarm_at($at)
    union all
    select id, 'gas_leak_statistic', from_source, created_at, known_from from gas_leak_statistic_at($at)
    union all
    select id, 'parking_gas_alarm', from_source, alarm_at, known_from from parking_gas_alarm_at($at)
    union all
    select id, 'gas_device', from_source, known_from, known_from from gas_device_at($at)
)
select *, begun_at as ts, 'good' as quality
from told
where begun_at is not null and $scope is not null
order by begun_at, id
limit 1
