-- One row the newest commitment that an enterprise has filed for the local day of the moment.
select c.id, 'safety_commitment' as "table", c.from_source as source, c.committed_at as ts, c.known_from as known,
       'good' as quality, coalesce(o.name_zh, c.enterprise_id) as name_zh, coalesce(o.name_en, c.enterprise_id) as name_en,
       c.enterprise_id as owner, c.committed_at, c.committer, c.risk_grade
from safety_commitment_at($at) c left join feature o on o.layer = 'enterprises' and o.id = c.enterprise_id
where c.commitment_date = timezone($zone, timezone('UTC', date_trunc('minute', $at::timestamp)))::date
  and c.committed_at <= date_trunc('minute', $at::timestamp)
  and ($scope = 'park' or c.enterprise_id = $scope) and ($enterprise is null or c.enterprise_id = $enterprise)
qualify row_number() over (partition by c.enterprise_id order by c.committed_at desc, c.id) = 1
order by c.committed_at desc, c.id
