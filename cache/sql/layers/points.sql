-- One row a measuring point that is silent or not to be trusted, and how.
select id, case status when 'bad' then 'stale' else status end as state
from state
where status in ('offline', 'stale', 'nodata', 'bad') and $at is not null
  and ($scope = 'park' or owner = $scope)
