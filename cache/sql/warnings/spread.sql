-- One row a leak that lasts: how far it has spread, as its device tells it.
select l.id, l.diffusion_radius as spread_m
from gas_leak_statistic_at($at) l semi join alarm a
    on a.id = l.id and a.known_to is null and a.until = '9999-12-31'::timestamp and ($scope = 'park' or a.owner = $scope)
where l.diffusion_radius > 0
