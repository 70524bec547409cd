-- One row a point that measures the wind; the wind is everybody's.
select id, 'point' as kind, 'reading' as "table", coalesce(source, owner) as source, ts, known,
       case quality when 0 then 'good' when 1 then 'uncertain' when 2 then 'bad' end as quality,
       name_zh, name_en, owner, kind as point_kind, value, unit, status
from state
where starts_with(kind, 'wind_') and $at is not null and $scope is not null
