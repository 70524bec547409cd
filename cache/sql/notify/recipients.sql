-- One row a recipient, as known at the moment given.
select id, name, post, enterprise, mobile, email, account, language, enabled, channels, kinds, sources, levels
from recipient
where known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and ($scope = 'park' or enterprise = $scope)
order by enterprise nulls first, post, name, id
