-- One row an alarm that is judged to be real, and of which something has become known after a moment (R-PU-2).
select a.id, a.level, a.kind, a.origin, a.owner, a.alarm_at, a.is_gas, a.medium, a.unit, a.value, a.stage, a.point,
       coalesce(a.name_zh, a.point) as name_zh, coalesce(a.name_en, a.point) as name_en,
       coalesce(a.name_zh, a.point) as where_zh, coalesce(a.name_en, a.point) as where_en,
       coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from alarm_at($at) a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where ($scope = 'park' or a.owner = $scope) and a.judged = 'confirmed' and a.known > $since::timestamp and a.until > $since::timestamp
order by a.alarm_at, a.id
