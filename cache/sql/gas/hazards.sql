-- One row a major hazard source: its boundary where its owner reports one (the map has the others).
with reported as (
    select h.id, h.enterprise_id as owner, h.hazard_level, h.chemicals, h.boundary, coalesce(f.name_zh, h.hazard_source_name) as name_zh,
           coalesce(f.name_en, h.hazard_source_name) as name_en, 'hazard_source' as "table", h.from_source as source,
           h.known_from as known
    from hazard_source_at($at) h left join feature f on f.layer = 'hazards' and f.id = h.id
),
mapped as (
    select id, owner, props->>'level' as hazard_level, props->>'main_chemical' as chemicals, null as boundary, name_zh, name_en,
           'hazards' as "table", 'geo/hazards.geojson' as source, null::timestamp as known
    from feature where layer = 'hazards' and id not in (select id from reported)
)
select h.*, coalesce(o.name_zh, h.owner) as owner_zh, coalesce(o.name_en, h.owner) as owner_en
from (select * from reported union all select * from mapped) h
left join feature o on o.layer = 'enterprises' and o.id = h.owner
where ($scope = 'park' or h.owner = $scope) and ($enterprise is null or h.owner = $enterprise)
order by h.id
