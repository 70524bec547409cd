-- One row a machine's token that was made by the moment, those in use first; its secret and the hash of it are not told.
select t.id, 'machine_token' as "table", t.made_by as source, t.made_at as ts, t.made_at as known, 'good' as quality,
       t.name as name_zh, t.name as name_en, t.scopes, t.enterprise, coalesce(p.name_zh, t.enterprise) as enterprise_zh,
       coalesce(p.name_en, t.enterprise) as enterprise_en, t.made_at, t.made_by,
       case when t.revoked_at <= $at::timestamp then t.revoked_at end as revoked_at,
       case when t.revoked_at <= $at::timestamp then t.revoked_by end as revoked_by,
       t.revoked_at is null or t.revoked_at > $at::timestamp as in_use
from machine_token t
left join feature p on p.layer = 'enterprises' and p.id = t.enterprise
where $scope = 'park' and t.made_at <= $at::timestamp
  and ($words is null or contains(lower(concat_ws(' ', t.id, t.name, t.scopes, t.enterprise, p.name_zh, p.name_en)), lower($words)))
order by in_use desc, t.name, t.made_at desc
