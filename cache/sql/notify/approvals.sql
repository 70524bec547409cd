-- One row an application for faulty points or a change of a limit that was asked for or decided in the last seven days.
with named as (  -- an id may stand in two layers; of those that nobody applied for there are very many
    select id, any_value(name_zh) as name_zh, any_value(name_en) as name_en from feature
    where id in (select target from fault_at($at)) group by id
), asked as (
    select 'faults' as book, f.id, f.state, f.owner, coalesce(p.name_zh, u.name_zh, f.target) as target_zh,
           coalesce(p.name_en, u.name_en, f.target) as target_en, null as which, null as old, null as new, null as unit,
           f.reason, f.note, f.applied_by as author, f.applied_at as asked_at, f.decided_by, f.decided_at, f.decision, f.ends
    from fault_at($at) f left join point p on p.id = f.target
    left join named u on u.id = f.target
    union all
    select 'limits', c.id, case when c.approved_at is not null then 'approved' when c.refused_at is not null then 'refused' else 'pending' end,
           p.owner, coalesce(p.name_zh, c.point), coalesce(p.name_en, c.point), c.which, c.old, c.new, p.unit,
           c.reason, null, c.author, c.asked_at, c.approver, coalesce(c.approved_at, c.refused_at), c.note, null
    from limit_change c left join point p on p.id = c.point
    where c.known_from <= $at::timestamp and (c.known_to is null or c.known_to > $at::timestamp)
)
select a.* exclude (ends), coalesce(o.name_zh, a.owner) as owner_zh, coalesce(o.name_en, a.owner) as owner_en
from asked a left join feature o on o.layer = 'enterprises' and o.id = a.owner
where ($scope = 'park' or a.owner = $scope)
  and case a.state when 'pending' then a.asked_at > $at::timestamp - interval 7 day and (a.ends is null or a.ends > $at::timestamp)
                   when 'withdrawn' then false else a.decided_at > $at::timestamp - interval 7 day end
order by a.asked_at, a.id
