-- One row a land-safety control line that is in force, its boundary as GeoJSON text.
select l.plan_id as id, l.control_line_boundary as geometry, 'normal' as state,
       p.plan_name as name_zh, p.plan_name as name_en
from land_safety_control_line_ext_at($at) l left join park_plan_at($at) p on p.id = l.plan_id
where l.control_line_boundary is not null and $scope is not null
