-- One row an owner of measuring points: how many there are, how many are heard of, the newest time.
select s.owner, count(*)::bigint as points, count(*) filter (status not in ('offline', 'nodata'))::bigint as count,
       count(*) filter (status = 'stale')::bigint as stale, max(ts) as ts, max(known) as known,
       any_value(coalesce(o.name_zh, s.owner)) as owner_zh, any_value(coalesce(o.name_en, s.owner)) as owner_en
from state s left join feature o on o.layer = 'enterprises' and o.id = s.owner
where ($scope = 'park' or s.owner = $scope) and ($enterprise is null or s.owner = $enterprise)
  and $at is not null
group by s.owner
order by points - count desc, s.owner
