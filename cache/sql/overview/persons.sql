-- One row an enterprise: persons inside now and 24 h ago; the row without an owner holds gate passes since that count.
with moments(moment, till) as (
    select 'now', date_trunc('minute', $at::timestamp)
    union all
    select 'yesterday', date_trunc('minute', $at::timestamp) - interval 24 hour
),
counts as (
    select m.moment, p.enterprise_id as owner, arg_max(p.person_count, p.collected_at) as persons,
           max(p.collected_at) as collected_at
    from area_presence_at($at) p join moments m on p.collected_at <= m.till and p.collected_at > m.till - interval 25 hour
    group by m.moment, p.enterprise_id, p.area_type
),
counted as (select moment, max(collected_at) as till from counts group by moment),
passes as (
    select m.moment, sum(case r.pass_direction when '01' then 1 when '02' then -1 else 0 end) as persons,
           max(r.passed_at) as collected_at
    from moments m join counted c on c.moment = m.moment
    join person_pass_record_at($at) r on r.passed_at > c.till and r.passed_at <= m.till
    group by m.moment
),
told as (
    select moment, owner, persons, collected_at from counts
    union all
    select moment, null, persons, collected_at from passes where $scope = 'park' and $enterprise is null
)
select t.owner, case when t.owner is null then 'passes' else 'presence' end as counted,
       coalesce(sum(persons) filter (moment = 'now'), 0)::bigint as count,
       coalesce(sum(persons) filter (moment = 'yesterday'), 0)::bigint as yesterday,
       max(collected_at) filter (moment = 'now') as collected_at, any_value(coalesce(o.name_zh, t.owner)) as owner_zh,
       any_value(coalesce(o.name_en, t.owner)) as owner_en
from told t left join feature o on o.layer = 'enterprises' and o.id = t.owner
where ($scope = 'park' or t.owner = $scope) and ($enterprise is null or t.owner = $enterprise)
group by t.owner
order by count desc, t.owner
