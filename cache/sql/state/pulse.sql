-- One row a quarter of an hour of the last 24 h: points and how many were heard of.
select time_bucket(interval 15 minute, known) as quarter, last(points order by known) as points,
       last(online order by known) as online
from pulse
where known <= $at::timestamp and known > $at::timestamp - interval 24 hour and $scope = 'park'
group by 1
order by 1
