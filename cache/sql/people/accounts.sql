-- One row an account as it was known at the moment, with its sign-ins and locks as the journal tells of them.
with happened as (
    select subject,
           max(known) filter (where event = 'signed_in') as signed_in_at,
           max(known) filter (
               where event = 'refused'
                 and list_contains(json_extract_string(said, '$.locked[*]'), 'account:' || subject)
           ) as locked_at,
           max(known) filter (where event in ('signed_in', 'opened', 'reset')) as freed_at
    from journal
    where stream = 'account' and known <= $at::timestamp
    group by subject
)
select v.id, 'account' as "table", v.made_by as source, v.known_from as ts, v.known_from as known, 'good' as quality,
       v.name as name_zh, v.name as name_en, v.role, v.enterprise, coalesce(p.name_zh, v.enterprise) as enterprise_zh,
       coalesce(p.name_en, v.enterprise) as enterprise_en, v.local, v.must_change, v.changed_at, v.made_at, v.made_by,
       v.disabled, v.second, h.signed_in_at, h.locked_at, h.freed_at,
       exists (
           from session s
           where s.account = v.id and s.begun_at <= $at::timestamp and (s.ended_at is null or s.ended_at > $at::timestamp)
       ) as here
from account_version v
left join happened h on h.subject = v.id
left join feature p on p.layer = 'enterprises' and p.id = v.enterprise
where $scope = 'park' and v.known_from <= $at::timestamp and (v.known_to is null or v.known_to > $at::timestamp)
  and ($words is null or contains(lower(concat_ws(' ', v.id, v.name, v.role, v.enterprise, p.name_zh, p.name_en)), lower($words)))
order by v.id
