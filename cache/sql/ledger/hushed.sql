-- One row something that raised no alarm because of an application, newest first.
select seq, known, said->>'point' as point, said->>'condition' as kind, (said->>'at')::timestamptz at time zone 'UTC' as alarm_at,
       (said->>'value')::double as value, (said->>'threshold')::double as threshold, said->>'record' as record
from journal
where stream = 'fault' and subject = $id and event = 'hushed' and known <= $at::timestamp
  and ($scope = 'park' or exists (select 1 from fault f where f.id = $id and f.owner = $scope and f.known_from <= $at::timestamp))
order by seq desc
limit $limit
