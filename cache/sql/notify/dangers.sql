-- One row a hidden danger that the park has found (R-PU-7) and that is not accepted as mended.
with found as (
    select id, enterprise_id as owner, hidden_danger_name as name, deadline, hidden_danger_status as state
    from hidden_danger_at($at) where "source" in ('02', '03')
    union all
    select id, enterprise_id, hidden_danger_description, try_cast(rectification_deadline as timestamp), hidden_danger_status
    from inspection_hidden_danger_at($at)
)
select d.id, d.owner, d.name, d.deadline, coalesce(d.deadline < date_trunc('minute', $at::timestamp), false) as overdue,
       coalesce(o.name_zh, d.owner) as owner_zh, coalesce(o.name_en, d.owner) as owner_en
from found d left join feature o on o.layer = 'enterprises' and o.id = d.owner
where ($scope = 'park' or d.owner = $scope) and d.state is distinct from '04'
order by d.deadline, d.id
