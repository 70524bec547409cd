-- One row a major hazard source: as its owner reported it, else as the map has it.
with told as (
    select h.id, h.enterprise_id as owner, h.hazard_level::int as level, h.r_value as r, h.chemicals,
           coalesce(f.name_zh, h.hazard_source_name) as name_zh, coalesce(f.name_en, h.hazard_source_name) as name_en
    from hazard_source_at($at) h left join feature f on f.layer = 'hazards' and f.id = h.id
),
mapped as (
    select id, owner, (props->>'level')::int as level, (props->>'R')::double as r,
           props->>'main_chemical' as chemicals, name_zh, name_en
    from feature where layer = 'hazards'
)
select h.id, h.owner, h.level as hazard_level, h.r, h.chemicals, h.name_zh, h.name_en,
       coalesce(o.name_zh, h.owner) as owner_zh, coalesce(o.name_en, h.owner) as owner_en
from (select * from told union all select * from mapped where id not in (select id from told)) h
left join feature o on o.layer = 'enterprises' and o.id = h.owner
where ($scope = 'park' or h.owner = $scope) and ($enterprise is null or h.owner = $enterprise)
  and ($only is null or h.level::varchar = $only)
order by h.level, h.r desc, h.id
