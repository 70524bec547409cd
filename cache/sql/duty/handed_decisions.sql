-- One row a decision since the last handover (since eight hours where there was none): on an application for points under
-- repair, or on a limit.
with last as (
    select coalesce(max(as_of), date_trunc('hour', $at::timestamp) - interval 8 hour) as since
    from handover_at($at)
    where state in ('given', 'done') and org = $scope
),
decided as (
    select f.id, 'fault' as "table", f.decided_by as source, f.decided_at as ts, f.known_from as known, f.target, f.owner,
           f.state, f.decided_by, f.decided_at, f.decision as note
    from fault_at($at) f where f.decided_at is not null
    union all
    select c.id, 'limit_change', coalesce(c.approver, c.author), coalesce(c.approved_at, c.refused_at), c.known_from,
           c.point, p.owner, case when c.approved_at is null then 'refused' else 'approved' end,
           coalesce(c.approver, c.author), coalesce(c.approved_at, c.refused_at), c.note
    from limit_change c left join point p on p.id = c.point
    where c.known_from <= $at::timestamp and (c.known_to is null or c.known_to > $at::timestamp)
      and coalesce(c.approved_at, c.refused_at) is not null
)
select d.*, 'good' as quality, coalesce(p.name_zh, d.target) as name_zh, coalesce(p.name_en, d.target) as name_en, l.since
from decided d cross join last l left join point p on p.id = d.target
where d.ts > l.since and ($scope = 'park' or d.owner = $scope)
order by d.ts desc, d.id
