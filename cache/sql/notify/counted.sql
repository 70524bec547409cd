-- One row a message of the last 24 hours, as known at the moment given.
select m.id, 'message' as "table", 'twin' as source, m.posted_at as ts, m.known_from as known, 'good' as quality, m.title_zh as name_zh,
       m.title_en as name_en, m.channel, m.state as message_state, m.posted_at, m.sent_at,
       date_diff('millisecond', greatest(m.posted_at, n.due), m.sent_at) / 1000.0 as took_s
from message m left join notice n on n.id = m.notice
where m.posted_at > date_trunc('minute', $at::timestamp) - interval 24 hour and m.known_from <= $at::timestamp
  and (m.known_to is null or m.known_to > $at::timestamp)
  and ($scope = 'park' or m.owner = $scope) and ($enterprise is null or m.owner = $enterprise)
order by m.posted_at desc, m.id
