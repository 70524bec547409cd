-- One row an alarm raised in the last 24 clock hours (the running one included), newest first.
select a.id, a.level, a.colour, a.kind, a.alarm_at, a.cleared_at, a.owner, a.point, a.name_zh, a.name_en, a.value, a.unit,
       a.threshold, a.handling, coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from alarm_at($at) a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where a.alarm_at >= date_trunc('hour', $at::timestamp) - interval 23 hour
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
  and ($only is null or a.colour in ('red', 'orange'))
order by a.alarm_at desc, a.id
