-- One row an enterprise that has a supervision class.
select e.id as owner, e.supervision_class as class, e.risk_grade, e.safety_head_name as safety_head,
       coalesce(o.name_zh, e.enterprise_name) as owner_zh, coalesce(o.name_en, e.enterprise_name) as owner_en
from enterprise_at($at) e left join feature o on o.layer = 'enterprises' and o.id = e.id
where coalesce(e.supervision_class, '') <> ''
  and ($scope = 'park' or e.id = $scope) and ($enterprise is null or e.id = $enterprise)
  and ($only is null or e.supervision_class = $only)
order by e.supervision_class, e.id
