-- One row a change that was asked of a limit, those that wait first, then the newest.
select c.id, 'limit_change' as "table", c.author as source, c.asked_at as ts, c.known_from as known, 'good' as quality,
       coalesce(p.name_zh, c.point) as name_zh, coalesce(p.name_en, c.point) as name_en, c.point, c.which, c.old, c.new, c.reason,
       c.author as asked_by, c.asked_at, coalesce(c.approved_at, c.refused_at) as decided_at, c.approver, c.approved_at, c.refused_at, c.note, p.owner, p.unit,
       case when c.approved_at is not null then 'approved' when c.refused_at is not null then 'refused' else 'pending' end as state
from limit_change c left join point p on p.id = c.point
where c.known_from <= $at::timestamp and (c.known_to is null or c.known_to > $at::timestamp)
  and ($scope = 'park' or p.owner = $scope)
  and ($enterprise is null or p.owner = $enterprise)
order by state = 'pending' desc, c.asked_at desc, c.id
limit 500
