-- One row a gas alarm that lasts, lasted within the hours before a moment, or belongs to a gas warning that is not closed.
with mine as (
    select m.alarm, m.warning
    from gas_member m semi join gas_warning w
        on w.id = m.warning and w.known_to is null and w.state <> 'closed'
)
select a.id, a.origin, a.point, a.kind, a.level, a.alarm_at, a.raised, a.known_from as known, a.lon, a.lat, a.name_zh, a.name_en, a.medium,
       a.owner, case when a.stage = 'closed' and (a.seen or a.told) then a.closed_at when a.seen or a.told then a.ends_at
            else coalesce(a.cleared_at, a.closed_at, a.alarm_at) end as ended,
       a.closed_as is not distinct from 'withdrawn' as gone,
       coalesce(m.warning, (select min(g.warning) from gas_member g where g.alarm = a.id)) as warning
from alarm a left join mine m on m.alarm = a.id
where a.known_from <= $at::timestamp and (a.known_to is null or a.known_to > $at::timestamp)
  and a.is_gas and a.kind in ('H', 'HH', 'leak') and (a.until > $since::timestamp or m.alarm is not null)
  and (a.seen or a.told or coalesce(a.cleared_at, a.closed_at) > $since::timestamp or m.alarm is not null)
  and ($scope = 'park' or a.owner = $scope)
order by a.alarm_at, a.id
