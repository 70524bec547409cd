-- One row a document about the park's land: plans, approvals, reports and drawings, newest first.
with plan as materialized (select id, plan_name, plan_type, publish_date, plan_file, compiler from park_plan_at($at)),
network as (
    select id || '-' || each.what as id, null as title, 'drawing.' || each.what as document, null::date as date,
           each.file, null as author
    from (
        select id, unnest([{'what': 'water_network', 'file': water_network_drawing},
                           {'what': 'power_network', 'file': power_network_drawing}]) as each
        from park_at($at)
    )
    where each.file is not null
)
select id, plan_name as title, 'plan.' || plan_type as document, publish_date as date, plan_file as file,
       compiler as author
from plan where $scope is not null
union all
select id, approval_document_name, 'approval.' || approval_document_type, approval_document_date, approval_document_file,
       approving_authority
from park_approval_document_at($at)
union all
select l.plan_id || '-drawing', p.plan_name, 'drawing.control_line', p.publish_date, l.control_line_drawing_file, p.compiler
from land_safety_control_line_ext_at($at) l join plan p on p.id = l.plan_id
union all
select m.plan_id || '-land', p.plan_name, 'drawing.land_use', p.publish_date, m.land_use_plan_file, p.compiler
from park_master_plan_ext_at($at) m join plan p on p.id = m.plan_id
union all
select id, report_name, 'report.' || report_type, compiled_date, report_file, compiler_name
from park_assessment_report_at($at)
union all
select * from network
order by date desc nulls last, id
