-- One row a paper, deadline or duty that expires (rules section 9), as known at the moment given: its scene, whose it is,
-- its last good day, and when somebody was reminded of it last. What was renewed, done or accepted is left out. adds: the
-- period that the day is still to be lengthened by, where the paper names no end of its own.
with zoned as (select $zone as zone),

danger as (
    select 'major_danger' as scene, id, 'hidden_danger' as "table", from_source as source, known_from as known,
           updated_at, hidden_danger_name as paper, enterprise_id as owner, rectifier as owner_person,
           timezone((select zone from zoned), timezone('UTC', deadline))::date as due, null as adds
    from hidden_danger_at($at)
    where hidden_danger_level = '02' and hidden_danger_status is distinct from '04' and accepted_at is null
    union all
    select 'major_danger', id, 'inspection_hidden_danger', from_source, known_from, updated_at,
           coalesce(hidden_danger_description, id), enterprise_id, null, try_cast(rectification_deadline as date), null
    from inspection_hidden_danger_at($at)
    where hidden_danger_level = '02' and hidden_danger_status is distinct from '04'
    union all
    select 'major_danger', id, 'triple_entry_hidden_danger', from_source, known_from, updated_at, description,
           enterprise_id, null, deadline, null
    from triple_entry_hidden_danger_at($at)
    where hidden_danger_level = '02' and hidden_danger_status is distinct from '04'
),

-- of several papers of one kind that somebody has, the one that is good longest counts: the others are renewed
licence as (
    select case certificate_type when '02' then 'production_licence' when '03' then 'use_licence'
                when '04' then 'trading_licence' else 'standardisation' end as scene,
           id, 'enterprise_certificate' as "table", from_source as source, known_from as known, updated_at,
           certificate_name as paper, enterprise_id as owner, null as owner_person, valid_to as due, null as adds
    from enterprise_certificate_at($at)
    where certificate_type in ('02', '03', '04', '07')
    qualify row_number() over (partition by enterprise_id, certificate_type order by valid_to desc nulls last, id) = 1
),

person_paper as (
    select case when c.certificate_type in ('06', '07') then 'managers' when c.certificate_type = '05' then 'special_work'
                else 'equipment_operators' end as scene,
           c.id, 'person_certificate' as "table", c.from_source as source, c.known_from as known, c.updated_at, c.certificate_name as paper,
           p.enterprise_id as owner, p.name as owner_person, c.valid_to as due, null as adds
    from person_certificate_at($at) c left join person_at($at) p on p.id = c.person_id
    where c.certificate_type in ('05', '06', '07') or c.skill_qualification_name = '212'
    qualify row_number() over (
        partition by c.person_id, c.certificate_type, c.special_operation_item order by c.valid_to desc nulls last, c.id
    ) = 1
),

report as (
    select case report_type when '05' then 'hazard_assessment' else 'status_evaluation' end as scene, id,
           'assessment_report' as "table", from_source as source, known_from as known, updated_at, report_name as paper,
           enterprise_id as owner, null as owner_person, valid_to as due, null as adds
    from assessment_report_at($at)
    where report_type in ('04', '05')
    qualify row_number() over (
        partition by enterprise_id, report_type, hazard_source_id order by valid_to desc nulls last, id
    ) = 1
),

-- tests and inspections are tasks of the hidden-danger search; one that was done later stands for the ones before it
task as (
    select case when contains(t.task_type, '特种设备') then 'special_equipment' else 'fire_facilities' end as scene,
           r.id, 'inspection_task_record' as "table", r.from_source as source, r.known_from as known, r.updated_at, t.task_name as paper,
           r.enterprise_id as owner, r.inspector as owner_person,
           timezone((select zone from zoned), timezone('UTC', r.due_at))::date as due, null as adds
    from inspection_task_record_at($at) r join inspection_task_at($at) t on t.id = r.inspection_task_id
    where (contains(t.task_type, '特种设备') or contains(t.task_type, '消防设施')) and r.done_at is null
      and r.task_status is distinct from '01'
      and not exists (
          from inspection_task_record_at($at) d
          where d.inspection_task_id = r.inspection_task_id and d.done_at is not null and d.due_at >= r.due_at
      )
),

drill as (
    select 'drill' as scene, d.id, 'drill_plan' as "table", d.from_source as source, d.known_from as known, d.updated_at,
           d.drill_plan_name as paper, nullif(d.enterprise_id, d.park_id) as owner, null as owner_person,
           d.expected_date as due, null as adds
    from drill_plan_at($at) d
    where d.plan_status is distinct from '02'
      and not exists (from drill_record_at($at) r where r.drill_plan_id = d.id)
),

plan as (
    select 'plan_filing' as scene, id, 'emergency_plan' as "table", from_source as source, known_from as known, updated_at,
           plan_name as paper, case when plan_level = '03' then enterprise_id end as owner, null as owner_person,
           last_filed_date as due, 'filing' as adds
    from emergency_plan_at($at)
    union all
    select 'plan_assessment', id, 'emergency_plan', from_source, known_from, updated_at, plan_name,
           case when plan_level = '03' then enterprise_id end, null, last_assessed_date, 'assessment'
    from emergency_plan_at($at)
),

contractor as (
    select 'contractors' as scene, c.id, 'third_party_certificate' as "table", c.from_source as source, c.known_from as known,
           c.updated_at, concat_ws(' · ', t.organisation_name, c.certificate_name) as paper, null as owner,
           null as owner_person, c.valid_to as due, null as adds
    from third_party_certificate_at($at) c left join third_party_at($at) t on t.id = c.third_party_id
    where c.valid_to is not null
    qualify row_number() over (partition by c.third_party_id, c.certificate_type order by c.valid_to desc, c.id) = 1
    union all
    select 'contractors', c.id, 'third_party_person_certificate', c.from_source, c.known_from, c.updated_at,
           concat_ws(' · ', t.organisation_name, c.certificate_name), null, p.name, c.valid_to, null
    from third_party_person_certificate_at($at) c
    left join third_party_at($at) t on t.id = c.third_party_id
    left join third_party_person_at($at) p on p.id = c.person_id
    where c.valid_to is not null
    qualify row_number() over (
        partition by c.person_id, c.certificate_type, c.special_operation_item order by c.valid_to desc, c.id
    ) = 1
),

other as (
    select 'instruments' as scene, id, 'utility_instrument' as "table", from_source as source, known_from as known, updated_at,
           instrument_name as paper, sensed_enterprise_id as owner, null as owner_person, certificate_valid_to as due,
           null as adds
    from utility_instrument_at($at) where instrument_status is distinct from '02'
    union all
    select 'materials', id, 'emergency_material', from_source, known_from, updated_at, material_name,
           case when reserve_type = '02' then enterprise_id end, null, expiry_date, null
    from emergency_material_at($at) where expiry_date is not null
    union all
    select 'regulations', id, 'park_safety_regulation', from_source, known_from, updated_at, regulation_name, null, null,
           coalesce(last_revised_date, publish_date), 'regulation'
    from park_safety_regulation_at($at)
    union all
    select * from (
        select 'park_assessment', id, 'park_assessment_report', from_source, known_from, updated_at, report_name, null, null,
               valid_to, null
        from park_assessment_report_at($at)
        qualify row_number() over (partition by report_type order by valid_to desc nulls last, id) = 1
    )
),

paper as (
    from danger union all from licence union all from person_paper union all from report union all from task
    union all from drill union all from plan union all from contractor union all from other
),

reminded as (
    select subject, max(known) as reminded_at, arg_max(asked_by, known) as reminded_by, count(*) as reminders
    from notice_at($at) where kind = 'expiry' group by subject
)

select p.scene || ':' || p.id as key, p.scene, p.id, p."table", p.source, coalesce(p.updated_at, p.known) as ts, p.known,
       'good' as quality, p.paper as name_zh, p.paper as name_en, p.paper, p.owner, e.name_zh as owner_zh,
       e.name_en as owner_en, p.owner_person, p.due, p.adds, r.reminded_at, r.reminded_by, r.reminders
from paper p
left join feature e on e.layer = 'enterprises' and e.id = p.owner
left join reminded r on r.subject = p.scene || ':' || p.id
where ($scope = 'park' or p.owner = $scope) and ($enterprise is null or p.owner = $enterprise)
order by p.due nulls last, p.scene, p.id
