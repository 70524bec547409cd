-- One row an operating enterprise: whether it has filed its commitment for the local day of the moment; missing first.
with filed as (
    select enterprise_id, max(committed_at) as committed_at, arg_max(committer, committed_at) as committer,
           arg_max(risk_grade, committed_at) as risk_grade
    from safety_commitment_at($at)
    where commitment_date = timezone($zone, timezone('UTC', date_trunc('minute', $at::timestamp)))::date and committed_at <= date_trunc('minute', $at::timestamp)
    group by enterprise_id
)
select e.id as owner, (f.enterprise_id is not null)::bigint as count, f.committed_at, f.committer, f.risk_grade,
       coalesce(o.name_zh, e.enterprise_name) as owner_zh, coalesce(o.name_en, e.enterprise_name) as owner_en
from enterprise_at($at) e left join filed f on f.enterprise_id = e.id
left join feature o on o.layer = 'enterprises' and o.id = e.id
where e.enterprise_status = '01'
  and ($scope = 'park' or e.id = $scope) and ($enterprise is null or e.id = $enterprise)
order by count, f.committed_at desc, e.id
