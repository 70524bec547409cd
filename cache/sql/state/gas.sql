-- One row a gas detector that shows something, largest share of the first limit first.
select id, owner, name_zh, name_en, medium, value, unit, alarm_hi as limit_value,
       round(100 * value / alarm_hi, 1) as percent, ts
from state
where kind in ('combustible_gas', 'toxic_gas') and status not in ('offline', 'nodata', 'bad')
  and alarm_hi > 0 and value > 0 and $at is not null
  and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
order by percent desc, id
