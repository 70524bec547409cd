-- One row an alarm that is open or was raised in the last 24 h, with the record that told of it; in the order of alarms/recent.
with told as (
    select id, 'hazard_alarm' as origin, from_source, known_from from hazard_alarm_at($at)
    union all
    select id, 'gas_leak_statistic', from_source, known_from from gas_leak_statistic_at($at)
    union all
    select id, 'parking_gas_alarm', from_source, known_from from parking_gas_alarm_at($at)
)
select a.id, a.origin as "table", t.from_source as source, a.alarm_at as ts, t.known_from as known, 'good' as quality,
       a.name_zh, a.name_en, a.level, a.colour, a.kind as alarm_kind, a.point, a.owner, a.value, a.unit, a.threshold,
       a.alarm_at, a.cleared_at, a.handling, a.open, a.is_gas
from alarm_at($at) a join told t on t.id = a.id and t.origin = a.origin
where (a.open or a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour)
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
order by a.open desc, strpos('SABCD', a.level), a.alarm_at desc, a.id
