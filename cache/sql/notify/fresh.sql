-- One row a notice that was posted after a moment, in order.
select n.id, n.known, n.kind, n.subject, n.level, n.owner, n.template, n.args, n.addressees, n.channels, n.due, n.asked_by
from notice n where ($scope = 'park' or n.owner = $scope) and n.known > $since::timestamp and n.known <= $at::timestamp order by n.seq
