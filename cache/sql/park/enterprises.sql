-- One row an enterprise: as it reports itself, else as the map has it.
with mapped as (
    select id, name_zh, name_en, (props->>'area_m2')::double / 10000 as area_ha, (props->>'staff')::bigint as staff,
           case props->>'status' when 'commissioning' then '02' when 'idle' then '03' else '01' end as status
    from feature where layer = 'enterprises'
)
select coalesce(e.id, m.id) as id, coalesce(m.name_zh, e.enterprise_name) as name_zh,
       coalesce(m.name_en, e.enterprise_name) as name_en, coalesce(e.enterprise_status, m.status) as enterprise_status,
       e.industry, e.scale, e.risk_grade, nullif(e.supervision_class, '') as class, e.safety_head_name as safety_head,
       coalesce(e.employee_count, m.staff) as employees, m.area_ha
from enterprise_at($at) e full join mapped m on m.id = e.id
where ($scope = 'park' or coalesce(e.id, m.id) = $scope)
  and ($enterprise is null or coalesce(e.id, m.id) = $enterprise)
  and ($only is null or $only in ('status.' || coalesce(e.enterprise_status, m.status), 'risk.' || e.risk_grade,
                                    'class.' || e.supervision_class))
order by industry nulls last, id
