-- One row a clock hour of the last 24 (the running one included), oldest first: alarms raised, and how many were high.
with hour as (
    select unnest(generate_series(date_trunc('hour', $at::timestamp) - interval 23 hour, date_trunc('hour', $at::timestamp),
                                  interval 1 hour)) as hour
),
raised as (
    select date_trunc('hour', alarm_at) as hour, colour from alarm_at($at)
    where alarm_at >= date_trunc('hour', $at::timestamp) - interval 23 hour and alarm_at <= $at::timestamp
      and ($scope = 'park' or owner = $scope)
      and ($enterprise is null or owner = $enterprise)
)
select h.hour, count(r.hour)::bigint as count, count(*) filter (r.colour in ('red', 'orange'))::bigint as high
from hour h left join raised r on r.hour = h.hour
group by h.hour
order by h.hour
