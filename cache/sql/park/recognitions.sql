-- One row a recognition or honour of the park, highest first.
select id, recognition_material_name as title, recognition_material_type as recognition, recognition_material_file as file
from park_recognition_material_at($at)
where $scope is not null
order by recognition_material_type desc, id
