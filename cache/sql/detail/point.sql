-- One row: a measuring point with its newest value at the moment, and its worst open alarm.
with worst as (
    select point, arg_min(level, strpos('SABCD', level)) as level, arg_min(colour, strpos('SABCD', level)) as colour,
           arg_min(kind, strpos('SABCD', level)) as alarm_kind, min(alarm_at) as alarm_at
    from alarm_at($at) where open and point = $id group by point
)
select s.*, w.level, w.colour, w.alarm_kind, w.alarm_at
from state s left join worst w on w.point = s.id
where s.id = $id and ($scope = 'park' or s.owner = $scope)
