-- One row an open alarm of one colour (null: all), or of gas only; worst first, newest first.
select a.id, a.level, a.colour, a.kind, a.alarm_at, a.owner, a.point, a.name_zh, a.name_en, a.value, a.unit, a.threshold,
       a.handling, coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from alarm_at($at) a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where a.until = '9999-12-31'::timestamp and a.open
  and ($scope = 'park' or a.owner = $scope)
  and ($enterprise is null or a.owner = $enterprise)
  and ($only is null or a.colour = $only or ($only = 'gas' and a.is_gas))
order by strpos('SABCD', a.level), a.alarm_at desc, a.id
