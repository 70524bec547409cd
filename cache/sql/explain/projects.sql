-- One row an admitted project of the park.
select p.id, 'park_admitted_project' as "table", p.from_source as source, coalesce(p.updated_at, p.known_from) as ts,
       p.known_from as known, 'good' as quality, p.project_name as name_zh, p.project_name as name_en,
       p.enterprise_id as owner, p.industry_relevance
from park_admitted_project_at($at) p
where ($scope = 'park' or p.enterprise_id = $scope) and ($enterprise is null or p.enterprise_id = $enterprise)
order by p.id
