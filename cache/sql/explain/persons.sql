-- One row a record that counts persons inside: the newest count of each enterprise and area, and the gate passes since; now and 24 h ago.
with moments(moment, till) as (
    select 'now', date_trunc('minute', $at::timestamp)
    union all
    select 'yesterday', date_trunc('minute', $at::timestamp) - interval 24 hour
),
counts as (
    select m.moment, p.*
    from area_presence_at($at) p join moments m on p.collected_at <= m.till and p.collected_at > m.till - interval 25 hour
    where p.person_count is not null
    qualify row_number() over (partition by m.moment, p.enterprise_id, p.area_type order by p.collected_at desc, p.id) = 1
),
counted as (select moment, max(collected_at) as till from counts group by moment),
passes as (
    select m.moment, r.*
    from moments m join counted c on c.moment = m.moment
    join person_pass_record_at($at) r on r.passed_at > c.till and r.passed_at <= m.till
    where $scope = 'park' and $enterprise is null
),
told as (
    select 'area_presence' as "table", moment, id, enterprise_id as owner, person_count as persons, collected_at as ts,
           known_from, from_source
    from counts where ($scope = 'park' or enterprise_id = $scope) and ($enterprise is null or enterprise_id = $enterprise)
    union all
    select 'person_pass_record', moment, id, checkpoint_id, case pass_direction when '01' then 1 when '02' then -1 else 0 end,
           passed_at, known_from, from_source
    from passes
)
select t.id, t."table", any_value(t.from_source) as source, t.ts, any_value(t.known_from) as known, 'good' as quality,
       any_value(coalesce(f.name_zh, t.owner)) as name_zh, any_value(coalesce(f.name_en, t.owner)) as name_en,
       any_value(t.owner) as owner, case when t."table" = 'area_presence' then 'enterprises' else 'gates' end as pick_layer,
       any_value(t.persons) filter (t.moment = 'now') as persons,
       any_value(t.persons) filter (t.moment = 'yesterday') as yesterday
from told t left join feature f on f.id = t.owner
group by t.id, t."table", t.ts
order by t."table", t.ts desc, t.id
