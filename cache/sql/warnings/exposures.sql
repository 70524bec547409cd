-- One row a moment at which it changed whether people are downwind of a warning that is not closed, in order.
select e.warning, e.known, e.exposed
from gas_evidence e semi join gas_warning w
    on w.id = e.warning and w.known_from <= $at::timestamp and (w.known_to is null or w.known_to > $at::timestamp)
       and w.state <> 'closed' and ($scope = 'park' or w.owner = $scope)
where e.known <= $at::timestamp
qualify e.exposed is distinct from coalesce(lag(e.exposed) over (partition by e.warning order by e.known, e.seq), false)
order by e.warning, e.known
