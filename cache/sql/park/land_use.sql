-- One row a use of the land: hectares drawn on the map, largest first.
select case layer when 'enterprises' then 'industrial' when 'landuse' then props->>'kind'
                  when 'utilities' then 'utilities' else 'public' end as land_use,
       sum((props->>'area_m2')::double) / 10000 as area_ha, count(*)::bigint as plots
from feature
where layer in ('enterprises', 'landuse', 'utilities', 'stations') and props->>'area_m2' is not null
  and $at is not null
  -- a neighbour's plot is everybody's, what stands on it is not
  and ($scope = 'park' or layer = 'enterprises' or coalesce(owner, $scope) in ($scope, 'PARK'))
group by 1
order by 2 desc
