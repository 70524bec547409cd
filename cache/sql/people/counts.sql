-- One row: what the log tells of people in the last 24 hours, in numbers.
select count(*) filter (where event = 'signed_in') as signed_in, count(*) filter (where event = 'refused') as refused,
       count(*) filter (where event = 'done') as done, count(*) filter (where event = 'failed') as failed,
       count(*) filter (where list_contains(
           ['made', 'changed', 'locked', 'opened', 'reset', 'password_changed', 'second_given', 'token_made', 'token_revoked'],
           event
       )) as changes,
       count(distinct who) as people, max(known) as known
from journal
where stream in ('account', 'audit') and known <= $at::timestamp and known > $at::timestamp - interval 24 hours
  and $scope = 'park'
