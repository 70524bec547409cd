-- One row a document about the park's land, with the record that holds its file; in the order of park/documents.
with plan as materialized (
    select id, plan_name, plan_type, publish_date, plan_file, known_from, from_source from park_plan_at($at)
),
told as (
    select id as item, id, 'park_plan' as "table", plan_name as title, 'plan.' || plan_type as document, publish_date as date,
           plan_file as file, known_from, from_source
    from plan where $scope is not null
    union all
    select id, id, 'park_approval_document', approval_document_name, 'approval.' || approval_document_type,
           approval_document_date, approval_document_file, known_from, from_source
    from park_approval_document_at($at)
    union all
    select l.plan_id || '-drawing', l.plan_id, 'land_safety_control_line_ext', p.plan_name, 'drawing.control_line', p.publish_date,
           l.control_line_drawing_file, l.known_from, l.from_source
    from land_safety_control_line_ext_at($at) l join plan p on p.id = l.plan_id
    union all
    select m.plan_id || '-land', m.plan_id, 'park_master_plan_ext', p.plan_name, 'drawing.land_use', p.publish_date,
           m.land_use_plan_file, m.known_from, m.from_source
    from park_master_plan_ext_at($at) m join plan p on p.id = m.plan_id
    union all
    select id, id, 'park_assessment_report', report_name, 'report.' || report_type, compiled_date, report_file, known_from,
           from_source
    from park_assessment_report_at($at)
    union all
    select id || '-' || each.what, id, 'park', null, 'drawing.' || each.what, null, each.file, known_from, from_source
    from (
        select id, known_from, from_source, unnest([{'what': 'water_network', 'file': water_network_drawing},
                                                    {'what': 'power_network', 'file': power_network_drawing}]) as each
        from park_at($at)
    )
    where each.file is not null
)
select id, "table", from_source as source, coalesce(date::timestamp, known_from) as ts,
       known_from as known, 'good' as quality,
       title as name_zh, title as name_en, item, title, document, date, file
from told
order by date desc nulls last, item
