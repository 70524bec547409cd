-- One row: how many alarms of a day were judged to be real, by level, and how many of them are not closed.
select count(*) as confirmed, count(*) filter (stage <> 'closed') as "open",
       count(*) filter (level = 'S') as S, count(*) filter (level = 'A') as A, count(*) filter (level = 'B') as B,
       count(*) filter (level = 'C') as C, count(*) filter (level = 'D') as D
from alarm_at($at)
where ($scope = 'park' or owner = $scope) and judged = 'confirmed' and alarm_at >= $start::timestamp and alarm_at < $end::timestamp
