-- One row an open alarm of an owner, a point or everything below a parent; worst first.
select a.id, a.level, a.colour, a.kind, a.point, a.owner, a.lon, a.lat, a.name_zh, a.name_en, a.medium, a.unit, a.value,
       a.threshold, a.alarm_at, a.cleared_at, a.handling, a.open, a.is_gas, a.origin, a.source, a.known
from alarm_at($at) a left join point p on p.id = a.point
where a.until = '9999-12-31'::timestamp and a.open and (a.owner = $id or a.point = $id or p.parent = $id)
  and ($scope = 'park' or a.owner = $scope)
order by strpos('SABCD', a.level), a.alarm_at desc, a.id
