-- One row a major hazard source: the record in which its owner reports it, else as the map has it.
with told as (
    select id, 'record' as kind, 'hazard_source' as "table", from_source as source, coalesce(updated_at, known_from) as ts,
           known_from as known, enterprise_id as owner, hazard_source_name as name, hazard_level::int as level, r_value as r
    from hazard_source_at($at)
),
mapped as (
    select id, 'feature', 'hazards', 'geo/hazards.geojson', null, null, owner, name_zh, (props->>'level')::int,
           (props->>'R')::double
    from feature where layer = 'hazards'
)
select h.id, h.kind, h."table", h.source, h.ts, h.known, 'good' as quality, coalesce(f.name_zh, h.name) as name_zh,
       coalesce(f.name_en, h.name) as name_en, h.owner, h.level as hazard_level, h.r
from (select * from told union all select * from mapped where id not in (select id from told)) h
left join feature f on f.layer = 'hazards' and f.id = h.id
where ($scope = 'park' or h.owner = $scope) and ($enterprise is null or h.owner = $enterprise)
order by h.level, h.r desc, h.id
