-- One row an alarm that is open or was raised in the last 24 h, with the record that told of it; in the order of alarms/recent.
select a.id, a.origin as "table", a.source, a.alarm_at as ts, a.known, 'good' as quality,
       a.name_zh, a.name_en, a.level, a.colour, a.kind as alarm_kind, a.point, a.owner, a.value, a.unit, a.threshold,
       a.alarm_at, a.cleared_at, a.handling, a.open, a.is_gas, a.lon, a.lat
from alarm_at($at) a
where a.until > date_trunc('minute', $at::timestamp) - interval 24 hour
  and (a.open or a.alarm_at > date_trunc('minute', $at::timestamp) - interval 24 hour)
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
order by a.open desc, strpos('SABCD', a.level), a.alarm_at desc, a.id
