-- One row a document about the park's land: plans, approvals and control lines, newest first.
select id, plan_name as title, 'plan.' || plan_type as document, publish_date as date, plan_file as file, compiler as author
from park_plan_at($at) where $scope is not null
union all
select id, approval_document_name, 'approval.' || approval_document_type, approval_document_date, approval_document_file,
       approving_authority
from park_approval_document_at($at)
union all
select l.plan_id || '-drawing', p.plan_name, 'drawing.control_line', p.publish_date, l.control_line_drawing_file, p.compiler
from land_safety_control_line_ext_at($at) l join park_plan_at($at) p on p.id = l.plan_id
union all
select m.plan_id || '-land', p.plan_name, 'drawing.land_use', p.publish_date, m.land_use_plan_file, p.compiler
from park_master_plan_ext_at($at) m join park_plan_at($at) p on p.id = m.plan_id
union all
select id, report_name, 'report.' || report_type, compiled_date, report_file, compiler_name
from park_assessment_report_at($at)
union all
select id || '-water', null, 'drawing.water_network', null, water_network_drawing, null
from park_at($at) where water_network_drawing is not null
union all
select id || '-power', null, 'drawing.power_network', null, power_network_drawing, null
from park_at($at) where power_network_drawing is not null
order by date desc nulls last, id
