-- One row a figure of the park's area in square kilometres: in plans, in approvals, and of the boundary on the map.
select plan_id as id, 'record' as kind, 'park_master_plan_ext' as "table", from_source as source, known_from as ts,
       known_from as known, 'good' as quality, null as name_zh, null as name_en, 'plan' as says, planned_area as area_km2
from park_master_plan_ext_at($at) where planned_area is not null and $scope is not null
union all
select id, 'record', 'park_approval_document', from_source,
       coalesce(approval_document_date::timestamp, known_from), known_from, 'good',
       approval_document_name, approval_document_name, 'approval', planned_area
from park_approval_document_at($at) where approval_document_type = '01' and planned_area is not null
union all
select id, 'feature', 'boundary', 'geo/boundary.geojson', null, null, 'good', name_zh, name_en, 'map',
       (props->>'area_km2')::double
from feature where layer = 'boundary' and props->>'area_km2' is not null
order by says, id
