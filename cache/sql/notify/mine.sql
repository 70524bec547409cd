-- One row a message to somebody in the app, as known at the moment given, newest first.
select id, notice, kind, subject, level, owner, title_zh, title_en, body_zh, body_en, posted_at, sent_at, read_at
from message
where $scope is not null and account = $account and channel = 'app' and known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and state in ('sent', 'read') and (not $unread or state = 'sent') and ($kind is null or kind = $kind)
  and posted_at > $at::timestamp - interval 90 day
order by posted_at desc, place desc limit $limit
