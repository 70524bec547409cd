-- One row a gas detector with a value: its share of the first limit, largest first, five at most; how many answer of all.
with gas as (
    select *, status not in ('offline', 'nodata', 'bad') as answers from state
    where kind in ('combustible_gas', 'toxic_gas')
      and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
)
select id, name_zh, name_en, medium, owner, unit, value, alarm_hi, alarm_hi_hi, status, ts,
       value / alarm_hi as share, count(*) filter (answers) over () as answering, count(*) over () as detectors,
       max(ts) over () as newest
from gas
where $at is not null
qualify answers and alarm_hi > 0
order by share desc nulls last, id
limit 5
