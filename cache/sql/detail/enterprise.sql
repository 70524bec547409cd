-- One row: what an enterprise reports about itself, and its commitment of the local day.
with today as (
    select arg_max(committed_at, committed_at) as committed_at, arg_max(committer, committed_at) as committer,
           arg_max(risk_grade, committed_at) as committed_risk, arg_max(id, committed_at) as commitment,
           arg_max(from_source, committed_at) as source, arg_max(known_from, committed_at) as known
    from safety_commitment_at($at)
    where enterprise_id = $id and committed_at <= $at::timestamp
      and commitment_date = timezone($zone, timezone('UTC', $at::timestamp))::date
)
select e.enterprise_type, e.enterprise_status, e.industry, e.scale, e.employee_count, e.safety_head_name,
       e.standardisation_grade, e.risk_grade, e.supervision_class, t.committed_at, t.committer, t.committed_risk,
       t.commitment, t.source, t.known
from enterprise_at($at) e, today t
where e.id = $id and ($scope = 'park' or e.id = $scope)
