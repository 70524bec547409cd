-- One row an entry of the journal about an alarm, in order.
select seq, coalesce((said->>'of')::timestamptz at time zone 'UTC', known) as at, event, who, said
from journal
where stream = 'alarm' and subject = $id and known >= $raised::timestamp and known <= $at::timestamp
  and ($scope = 'park' or exists (select 1 from alarm a where a.id = $id and a.owner = $scope and a.known_from <= $at::timestamp))
order by seq
