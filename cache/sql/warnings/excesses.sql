-- One row a gas alarm of the first or second limit, or a leak, to which something has become known after a moment.
select id, origin, point, kind, level, alarm_at, raised, known_from as known, lon, lat, name_zh, name_en, medium, owner,
       case when stage = 'closed' and (seen or told) then closed_at when seen or told then ends_at
            else coalesce(cleared_at, closed_at, alarm_at) end as ended, closed_as is not distinct from 'withdrawn' as gone
from alarm
where known_from > $since::timestamp and known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and is_gas and kind in ('H', 'HH', 'leak') and ($scope = 'park' or owner = $scope)
order by alarm_at, id
