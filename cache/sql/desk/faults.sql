-- One row an application for points under repair or stopped, those that wait first, then the newest.
select f.id, 'fault' as "table", f.applied_by as source, f.applied_at as ts, f.known_from as known, 'good' as quality,
       coalesce(p.name_zh, d.name_zh, f.target) as name_zh, coalesce(p.name_en, d.name_en, f.target) as name_en, f.state,
       f.reason, f.target, f.owner, len(f.points) as covers, f.starts, f.ends, f.note, f.applied_by, f.applied_at, f.decided_by,
       f.decided_at, f.decision,
       (select count(*) from journal j where j.stream = 'fault' and j.subject = f.id and j.event = 'hushed'
           and j.known <= $at::timestamp) as hushed, f.state = 'approved' and f.starts <= date_trunc('minute', $at::timestamp)
           and f.ends > date_trunc('minute', $at::timestamp) as running, f.ends <= date_trunc('minute', $at::timestamp) as over
from fault f
left join point p on p.id = f.target
left join feature d on d.id = f.target
where f.known_from <= $at::timestamp and (f.known_to is null or f.known_to > $at::timestamp)
  and ($scope = 'park' or f.owner = $scope)
  and ($enterprise is null or f.owner = $enterprise)
order by f.state = 'pending' desc, f.applied_at desc, f.id
limit 500
