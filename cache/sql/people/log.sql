-- One row an entry of the journal that the filters let through: a page of them, and one more where there are more;
-- total: how many there are on all pages. The page is found by numbers alone, and only then are its entries read.
with told as materialized (
    select seq, rowid as place
    from journal
    where known <= $at::timestamp and $scope = 'park'
      and case coalesce($stream, 'people') when 'people' then stream in ('account', 'audit') when 'all' then true else stream = $stream end
      and ($who is null or contains(lower(who), lower($who)))
      and ($action is null or event = $action)
      and (try_cast($since as timestamp) is null or known >= try_cast($since as timestamp))
      and (try_cast($until as timestamp) is null or known < try_cast($until as timestamp) + interval 1 millisecond)
      and ($words is null or contains(lower(concat_ws(' ', who, subject, event, said)), lower($words)))
),

page as (
    select place
    from told
    where (try_cast($before as bigint) is null or seq < try_cast($before as bigint))
      and (try_cast($after as bigint) is null or seq > try_cast($after as bigint))
    order by case when try_cast($after as bigint) is not null then seq else -seq end
    limit 101
)

select cast(j.seq as varchar) as id, 'journal' as "table", j.who as source, j.known as ts, j.known, 'good' as quality,
       j.subject as name_zh, j.subject as name_en, j.seq, j.stream, j.subject, j.event, j.who,
       (select count(*) from told) as total,
       coalesce(json_extract_string(j.said, '$.address'), json_extract_string(j.said, '$.from')) as address,
       json_extract_string(j.said, '$.agent') as agent, json_extract_string(j.said, '$.role') as role,
       coalesce(json_extract_string(j.said, '$.why'), json_extract_string(j.said, '$.code')) as why,
       try_cast(json_extract_string(j.said, '$.status') as integer) as status
from journal j semi join page on j.rowid = page.place
order by j.seq desc
