-- One row a point that measures a gas: the device that it belongs to, what it measures, and its place in words.
select p.id, coalesce(i.device_id, p.id) as device, p.kind, p.medium, p.unit, p.owner, p.parent, p.name_zh, p.name_en,
       p.alarm_hi, p.alarm_hi_hi, p.range_lo, p.range_hi,
       coalesce(a.name_zh, o.name_zh, p.owner) as place_zh, coalesce(a.name_en, o.name_en, p.owner) as place_en,
       coalesce(o.name_zh, p.owner) as owner_zh, coalesce(o.name_en, p.owner) as owner_en
from point p
left join indicator_at($at) i on i.id = p.id
left join feature a on a.id = p.parent
left join feature o on o.layer = 'enterprises' and o.id = p.owner
where p.kind in ('combustible_gas', 'toxic_gas')
  and ($scope = 'park' or p.owner = $scope) and ($enterprise is null or p.owner = $enterprise)
order by p.id
