-- One row a quarter of an hour of the last 24 h: the newest of the counts that the twin itself keeps of its points.
select strftime(known, '%Y-%m-%dT%H:%M:%S.%fZ') as id, 'pulse' as "table", 'parktwin' as source, known as ts, known,
       'good' as quality, points, online, time_bucket(interval 15 minute, known) as quarter
from pulse
where known <= $at::timestamp and known > $at::timestamp - interval 24 hour and $scope = 'park'
qualify row_number() over (partition by time_bucket(interval 15 minute, known) order by known desc) = 1
order by known
