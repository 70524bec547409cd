-- One row a notice of the last days of which no message was made yet, in order.
select n.id, n.known, n.kind, n.subject, n.level, n.owner, n.template, n.args, n.addressees, n.channels, n.due, n.asked_by
from notice n
where ($scope = 'park' or n.owner = $scope) and n.known <= $at::timestamp and n.known > $at::timestamp - interval 7 day and not exists (from message m where m.notice = n.id)
order by n.seq
