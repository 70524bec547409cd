-- One row a point that measures a gas: its newest value as it is stored, and how it is judged.
select id, source, ts, known, value, quality, alarm_hi, alarm_hi_hi, status
from state
where kind in ('combustible_gas', 'toxic_gas') and $at is not null
  and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
