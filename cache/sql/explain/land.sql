-- One row a plot of land on the map whose area is known: what it is used for, and its hectares.
select id, 'feature' as kind, layer as "table", 'geo/' || layer || '.geojson' as source, 'good' as quality, name_zh, name_en,
       case layer when 'enterprises' then 'industrial' when 'landuse' then coalesce(props->>'kind', 'other')
                  when 'utilities' then 'utilities' else 'public' end as land_use,
       (props->>'area_m2')::double / 10000 as area_ha, layer as pick_layer
from feature
where layer in ('enterprises', 'landuse', 'utilities', 'stations') and props->>'area_m2' is not null
  and $at is not null
  -- a neighbour's plot is everybody's, what stands on it is not
  and ($scope = 'park' or layer = 'enterprises' or coalesce(owner, $scope) in ($scope, 'PARK'))
order by layer, id
