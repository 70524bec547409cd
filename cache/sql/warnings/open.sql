-- One row a gas warning that is not closed, with what tells when it changes by the clock.
select id, state, level, machine, toxic, exposed, due, overdue_at, point, lon, lat, medium, owner, affected, radius_m, name_zh, name_en,
       began_at, alarms
from gas_warning_at($at)
where state <> 'closed'
  and ($scope = 'park' or owner = $scope)
order by opened_at, id
