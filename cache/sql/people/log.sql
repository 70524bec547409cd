-- One row an entry of the journal that the filters let through: a page of them, and one more where there are more;
-- total: how many there are on all pages.
with told as (
    select seq, known, stream, subject, event, who, said
    from journal
    where known <= $at::timestamp and $scope = 'park'
      and case coalesce($stream, 'people') when 'people' then stream in ('account', 'audit') when 'all' then true else stream = $stream end
      and ($who is null or contains(lower(who), lower($who)))
      and ($action is null or event = $action)
      and (try_cast($since as timestamp) is null or known >= try_cast($since as timestamp))
      and (try_cast($until as timestamp) is null or known < try_cast($until as timestamp) + interval 1 millisecond)
      and ($words is null or contains(lower(concat_ws(' ', who, subject, event, said)), lower($words)))
),

counted as (select *, count(*) over () as total from told)

select cast(seq as varchar) as id, 'journal' as "table", who as source, known as ts, known, 'good' as quality,
       subject as name_zh, subject as name_en, seq, stream, subject, event, who, total,
       coalesce(json_extract_string(said, '$.address'), json_extract_string(said, '$.from')) as address,
       json_extract_string(said, '$.agent') as agent, json_extract_string(said, '$.role') as role,
       coalesce(json_extract_string(said, '$.why'), json_extract_string(said, '$.code')) as why,
       try_cast(json_extract_string(said, '$.status') as integer) as status
from counted
where (try_cast($before as bigint) is null or seq < try_cast($before as bigint))
  and (try_cast($after as bigint) is null or seq > try_cast($after as bigint))
order by case when try_cast($after as bigint) is not null then seq end, seq desc
limit 101
