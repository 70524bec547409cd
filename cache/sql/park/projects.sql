-- One row an admitted project of the park.
select p.id, p.enterprise_id as owner, p.project_name, p.industry_relevance,
       coalesce(o.name_zh, p.enterprise_id) as owner_zh, coalesce(o.name_en, p.enterprise_id) as owner_en
from park_admitted_project_at($at) p left join feature o on o.layer = 'enterprises' and o.id = p.enterprise_id
where ($scope = 'park' or p.enterprise_id = $scope)
  and ($enterprise is null or p.enterprise_id = $enterprise)
order by p.id
