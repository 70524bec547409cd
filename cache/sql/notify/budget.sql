-- One row: how many SMS went out in the last year, as known at the moment given.
select count(*) as n from message
where channel = 'sms' and state = 'sent' and known_from <= $at::timestamp and (known_to is null or known_to > $at::timestamp)
  and sent_at > date_trunc('minute', $at::timestamp) - interval 365 day and ($scope = 'park' or owner = $scope)
