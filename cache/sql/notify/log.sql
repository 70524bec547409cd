-- One row a message of the last 30 days, as known at the moment given, newest first.
select * exclude (words, place) from message_log_at($at)
where ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
  and ($words is null or contains(words, lower($words)))
order by posted_at desc, place desc
