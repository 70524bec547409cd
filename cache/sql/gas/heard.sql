-- One row a point that measures a gas, whoever owns it, by its number: whether it is heard of, and since when.
select ix as id, ts, status
from state
where kind in ('combustible_gas', 'toxic_gas') and $at is not null and $scope is not null
