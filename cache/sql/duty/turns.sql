-- One row a turn: somebody on a shift of the last six or the next six weeks, as set here or, where nobody has set that
-- shift here, as the exchange table tells it (its day and shift are those that the middle of it lies in: null here).
with own as (
    select r.id, 'roster' as "table", r.source, r.set_at as ts, r.known_from as known, r.org, r.day, r.shift, r.role,
           r.person, r.name, r.starts, r.ends, r.note, null as duty_log
    from roster_at($at) r
    where r.ends > date_trunc('hour', $at::timestamp) - interval 42 day
      and r.starts < date_trunc('hour', $at::timestamp) + interval 42 day
),
told as (
    select d.id, 'duty_roster' as "table", d.source, d.updated_at as ts, d.valid_from as known,
           case when d.duty_organisation_type = '02' then coalesce(p.enterprise_id, '?') else 'park' end as org,
           null::date as day, null::varchar as shift,
           case when d.duty_person_type in ('01', '03') then 'leader' else 'staff' end as role,
           d.duty_person_id as person, d.duty_person_name as name, d.duty_start_at as starts, d.duty_end_at as ends,
           '' as note, d.duty_log
    from duty_roster_at($at) d
    left join person_at($at) p on p.id = d.duty_person_id
    where d.duty_status is distinct from '03' and d.duty_end_at > d.duty_start_at
      and d.duty_end_at > date_trunc('hour', $at::timestamp) - interval 42 day
      and d.duty_start_at < date_trunc('hour', $at::timestamp) + interval 42 day
),
turn as (
    from own
    union all by name
    select t.* from told t
    where not exists (
        from own o where o.org = t.org and o.starts <= t.starts + (t.ends - t.starts) / 2
                     and o.ends > t.starts + (t.ends - t.starts) / 2
    )
)
select t.id, t."table", t.source, t.ts, t.known, 'good' as quality, t.name as name_zh, t.name as name_en, t.org,
       case when t.org <> 'park' then t.org end as owner, t.day, t.shift, t.role as duty_role, t.person,
       t.name as duty_name, coalesce(r.mobile, p.mobile, p.phone, n.mobile) as mobile, t.starts, t.ends, t.note, t.duty_log
from turn t
left join recipient_at($at) r on r.id = t.person
left join (
    select name, coalesce(enterprise, 'park') as org, any_value(mobile) as mobile
    from recipient_at($at) where mobile is not null group by name, enterprise having count(*) = 1
) n on n.name = t.name and n.org = t.org
left join person_at($at) p on p.id = t.person
where $scope = 'park' or t.org = $scope
order by t.starts, t.org, t.role, t.person, t.id
