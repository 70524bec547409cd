-- One row: how many messages in the app somebody has not read. They are whoever asks' own, whichever scope they see.
select count(*) as n from message
where $scope is not null and account = $account and channel = 'app' and known_to is null and state = 'sent' and known_from <= $at::timestamp
  and posted_at > $at::timestamp - interval 90 day
