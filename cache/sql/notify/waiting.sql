-- One row a message that is still to be sent, in order.
select id, channel, address, place, due, tries, posted_at, title_zh, title_en, body_zh, body_en, language, kind, level, subject, owner, name
from message where known_to is null and state = 'waiting' and known_from <= $at::timestamp
  and ($scope = 'park' or owner = $scope)
order by place
