-- One row a change of a gas warning's level, by the machine or by hand (R-GAS-13), newest first; only who it belongs to
-- is told who did it and why.
with changes as (
    select j.seq, j.known, j.event, j.who, j.said->>'note' as note, coalesce(j.said->>'to', j.said->>'in_effect') as level
    from journal j
    where j.stream = 'warning' and j.subject = $id and j.known <= $at::timestamp
      and j.event in ('opened', 'raised', 'lowered', 'over', 'level')
      and ($scope = 'park' or exists (select 1 from gas_warning w where w.id = $id and w.owner = $scope))
), after as (select *, lag(level) over (order by seq) as was from changes)
select seq::varchar as id, 'journal' as "table", who as source, known as ts, known, 'good' as quality, $id as warning,
       event as warning_event, was, level, who as changed_by, note
from after
where event <> 'over' or level is distinct from was
order by seq desc
