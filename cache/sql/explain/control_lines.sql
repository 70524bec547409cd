-- One row a land-safety control line that is in force, with the record that holds its boundary as GeoJSON text.
select l.plan_id as id, 'land_safety_control_line_ext' as "table", l.from_source as source,
       coalesce(p.publish_date::timestamp, l.known_from) as ts, l.known_from as known, 'good' as quality,
       p.plan_name as name_zh, p.plan_name as name_en, l.control_line_boundary as geometry
from land_safety_control_line_ext_at($at) l left join park_plan_at($at) p on p.id = l.plan_id
where l.control_line_boundary is not null and $scope is not null
