-- One row an alarm of which something has become known since a moment (a day ago where none is given): what has become of it
-- between then and the moment looked at. The worst first, what is open before what is over.
with span as (select coalesce(try_cast($since as timestamp), $at::timestamp - interval 24 hour) as since),

was as (
    select id, level, stage, open
    from alarm_at(coalesce(try_cast($since as timestamp), $at::timestamp - interval 24 hour))
)

select a.* exclude (kind, origin), w.level as level_before, w.stage as stage_before,
       case
           when w.id is null and a.open then 'raised'
           when w.id is null then 'passed'
           when a.stage = 'closed' then 'closed'
           when w.open and not a.open then 'over'
           when not w.open and a.open then 'again'
           when position(a.level in 'SABCD') < position(w.level in 'SABCD') then 'worse'
           when a.stage <> w.stage then 'moved'
           else 'told'
       end as become
from desk_alarm_at($at) a
join span on a.known > span.since and (a.stage <> 'closed' or a.closed_at > span.since)
left join was w on w.id = a.id
where ($scope = 'park' or a.owner = $scope)
order by not a.open, position(a.level in 'SABCD'), a.alarm_at desc, a.id
limit 2000
