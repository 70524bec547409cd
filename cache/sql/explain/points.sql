-- One row a measuring point of those looked at: its newest value as it is stored, and how it is judged.
select id, 'point' as kind, 'reading' as "table", coalesce(source, owner) as source, ts, known,
       case quality when 0 then 'good' when 1 then 'uncertain' when 2 then 'bad' end as quality,
       name_zh, name_en, owner, kind as point_kind, medium, value, unit, alarm_hi, status
from state
where $at is not null and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
