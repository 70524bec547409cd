-- One row an alarm of level S or A to which something has become known after a moment, or that has ended by the clock
-- since, newest first.
select a.id, a.level, a.colour, a.kind, a.point, a.owner, coalesce(p.parent, a.point, a.owner) as unit_id, a.lon, a.lat, a.name_zh,
       a.name_en, a.medium, a.unit, a.value, a.threshold, a.alarm_at, a.cleared_at, a.handling, a.open, a.stage
from alarm_at($at) a left join point p on p.id = a.point
where a.until > $since::timestamp and a.level in ('S', 'A')
  and (a.known > $since::timestamp or (not a.active and a.cleared_at > date_trunc('minute', $since::timestamp)))
  and ($scope = 'park' or a.owner = $scope)
order by a.alarm_at desc, a.id
