-- One row a day of the last year: how many messages went out by SMS.
select 'sms-' || strftime(date_trunc('day', sent_at), '%Y-%m-%d') as id, 'message' as "table", 'twin' as source, max(sent_at) as ts,
       max(known_from) as known, 'good' as quality, null as name_zh, null as name_en, count(*) as n
from message
where channel = 'sms' and state = 'sent' and known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and sent_at > date_trunc('minute', $at::timestamp) - interval 365 day and ($scope = 'park' or owner = $scope)
group by date_trunc('day', sent_at) order by id
