-- One row an enterprise: the record in which it reports itself, else its plot on the map.
with mapped as (
    select id, name_zh, name_en, (props->>'staff')::bigint as staff,
           case props->>'status' when 'commissioning' then '02' when 'idle' then '03' else '01' end as status
    from feature where layer = 'enterprises'
)
select coalesce(e.id, m.id) as id, case when e.id is null then 'feature' else 'record' end as kind,
       case when e.id is null then 'enterprises' else 'enterprise' end as "table",
       coalesce(e.from_source, 'geo/enterprises.geojson') as source, coalesce(e.updated_at, e.known_from) as ts,
       e.known_from as known, 'good' as quality, coalesce(m.name_zh, e.enterprise_name) as name_zh,
       coalesce(m.name_en, e.enterprise_name) as name_en, e.enterprise_status as reported_status,
       coalesce(e.enterprise_status, m.status) as enterprise_status,
       e.industry, e.scale, e.risk_grade, nullif(e.supervision_class, '') as class,
       coalesce(e.employee_count, m.staff) as employees
from enterprise_at($at) e full join mapped m on m.id = e.id
where ($scope = 'park' or coalesce(e.id, m.id) = $scope)
  and ($enterprise is null or coalesce(e.id, m.id) = $enterprise)
order by industry nulls last, id
