-- One row a thing that shifts have left in the log of the last fortnight, newest first: what somebody on duty wrote, a
-- roster that was set or exchanged, a handover that was prepared or signed.
with told as (
    select d.id, 'duty_roster' as "table", d.source, coalesce(d.updated_at, d.duty_end_at) as ts, d.valid_from as known,
           'wrote' as event, d.duty_person_name as head_name, d.duty_log as said,
           case when d.duty_organisation_type = '02' then coalesce(p.enterprise_id, '?') else 'park' end as org
    from duty_roster_at($at) d left join person_at($at) p on p.id = d.duty_person_id
    where d.duty_log is not null and d.duty_log <> ''
      and d.duty_end_at > date_trunc('hour', $at::timestamp) - interval 14 day
    union all
    select cast(j.seq as varchar), 'journal', j.who, j.known, j.known, j.stream || '_' || j.event, j.who,
           case j.event when 'set' then j.subject when 'imported' then json_extract_string(j.said, '$.file')
                        when 'swapped' then json_extract_string(j.said, '$.note')
                        else json_extract_string(j.said, '$.remarks') end,
           case j.event when 'set' then split_part(j.subject, '/', 1)
                        else coalesce(json_extract_string(j.said, '$.org'), 'park') end
    from journal j
    where j.stream in ('roster', 'handover') and j.known <= $at::timestamp
      and j.known > date_trunc('hour', $at::timestamp) - interval 14 day
)
select t.*, 'good' as quality, t.head_name as name_zh, t.head_name as name_en, count(*) over () as total,
       case when t.org <> 'park' then t.org end as owner
from told t
where ($scope = 'park' or t.org = $scope) and t.event <> 'roster_set'
order by t.ts desc, t.id desc
limit 200
