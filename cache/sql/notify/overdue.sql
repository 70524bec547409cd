-- One row an alarm that lasts and that nobody has taken in hand in time (R-AL-9), if its time ended after a moment.
select a.id, a.level, a.kind, a.origin, a.owner, a.alarm_at, a.is_gas, a.medium, a.unit, a.value, a.stage, a.point,
       coalesce(a.name_zh, a.point) as name_zh, coalesce(a.name_en, a.point) as name_en,
       coalesce(a.name_zh, a.point) as where_zh, coalesce(a.name_en, a.point) as where_en,
       coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from alarm_at($at) a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where ($scope = 'park' or a.owner = $scope) and a.stage = 'new' and a.open and a.level <> 'D'
  and a.handle_by > $since::timestamp and a.handle_by <= $at::timestamp and a.until > $since::timestamp
order by a.alarm_at, a.id
