-- One row a gas warning: those that last first, then what waits for people, then the rest; the gravest first.
select w.* exclude (known_to, seq, known_from, affected), w.known_from as known, w.owner is not null as inside,
       case when $scope = 'park' then w.affected else list_filter(w.affected, lambda each: each = $scope) end as affected,
       coalesce(o.name_zh, w.owner) as owner_zh, coalesce(o.name_en, w.owner) as owner_en,
       w.state = 'open' and w.due <= $at::timestamp as late
from gas_warning w left join feature o on o.layer = 'enterprises' and o.id = w.owner
where w.known_from <= $at::timestamp and (w.known_to is null or w.known_to > $at::timestamp)
  and ($scope = 'park' or w.owner = $scope or (w.owner is null and list_contains(w.affected, $scope)))
  and ($id is null or w.id = $id)
  and ($state is null or w.state = $state)
  and ($level is null or w.worst = $level)
order by w.state = 'closed', w.level is null, case coalesce(w.level, w.worst) when 'red' then 1 when 'orange' then 2 when 'yellow' then 3 else 4 end, w.opened_at desc, w.id
limit $limit
