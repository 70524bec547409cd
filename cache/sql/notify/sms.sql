-- One row an SMS that went out in the last year, as known at the moment given.
select id, 'message' as "table", 'twin' as source, sent_at as ts, known_from as known, 'good' as quality, title_zh as name_zh,
       title_en as name_en
from message
where channel = 'sms' and state = 'sent' and known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and sent_at > date_trunc('minute', $at::timestamp) - interval 365 day and ($scope = 'park' or owner = $scope)
order by sent_at, id
