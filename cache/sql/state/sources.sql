-- One row an owner of whose points at least one is heard of at the moment.
select s.owner, count(*)::bigint as points,
       count(*) filter (s.status not in ('offline', 'nodata'))::bigint as online, max(s.ts) as ts,
       any_value(coalesce(o.name_zh, s.owner)) as owner_zh, any_value(coalesce(o.name_en, s.owner)) as owner_en
from state s left join feature o on o.layer = 'enterprises' and o.id = s.owner
where ($scope = 'park' or s.owner = $scope) and $at is not null
group by s.owner
having online > 0
order by s.owner
