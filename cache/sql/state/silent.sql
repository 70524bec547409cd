-- One row a point that is not heard of at the moment, longest silent first.
select id, owner, name_zh, name_en, kind, status, ts as last_at
from state
where status in ('offline', 'nodata') and $at is not null
  and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
order by ts nulls first, id
