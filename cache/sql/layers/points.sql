-- One row a measuring point that is not at rest: the colour of its worst open alarm, else how it is silent.
with worst as (
    select point as id, arg_min(colour, strpos('SABCD', level)) as colour, arg_min(level, strpos('SABCD', level)) as level
    from alarm_at($at) where open group by point
)
select s.id, coalesce(w.colour, case s.status when 'bad' then 'stale' else s.status end) as state, w.level as badge
from state s left join worst w on w.id = s.id
where (w.id is not null or s.status in ('offline', 'stale', 'nodata', 'bad'))
  and ($scope = 'park' or s.owner = $scope)
