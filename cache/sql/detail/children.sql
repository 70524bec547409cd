-- One row a measuring point that belongs to a tank, unit, segment or place, in the order of their names.
select id, name_zh, name_en, kind, unit, value, quality, status, ts, known, source, owner, alarm_lo_lo, alarm_lo, alarm_hi, alarm_hi_hi
from state
where parent = $id and $at is not null and ($scope = 'park' or owner = $scope)
order by kind, id
