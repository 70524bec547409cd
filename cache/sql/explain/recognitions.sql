-- One row a recognition or honour of the park, highest first.
select id, 'park_recognition_material' as "table", from_source as source, coalesce(updated_at, known_from) as ts,
       known_from as known, 'good' as quality, recognition_material_name as name_zh, recognition_material_name as name_en,
       recognition_material_type as recognition
from park_recognition_material_at($at)
where $scope is not null
order by recognition_material_type desc, id
