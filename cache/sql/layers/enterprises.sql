-- One row an enterprise with open alarms: the worst colour and how many.
select owner as id, arg_min(colour, strpos('SABCD', level)) as state, count(*)::bigint as badge
from alarm_at($at)
where open and owner in (select id from feature where layer = 'enterprises')
  and ($scope = 'park' or owner = $scope)
group by owner
