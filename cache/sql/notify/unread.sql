-- How many messages in the app somebody has not read.
select count(*) as n from message
where account = $account and channel = 'app' and known_to is null and state = 'sent' and known_from <= $at::timestamp
  and posted_at > $at::timestamp - interval 90 day
