-- One row an id or a number asked for: the message of that id, or the last SMS that was sent to that number.
with sent as (
    select m.id, m.channel, m.posted_at, m.place, right(regexp_replace(m.address, '\D', '', 'g'), 11) as number
    from message_at($at) m
    where ($scope = 'park' or m.owner = $scope) and m.posted_at > $at::timestamp - interval 30 day and m.sent_at is not null
)
select id as asked, id as message from sent where list_contains($ids, id)
union all
select number, id from sent
where channel = 'sms' and list_contains($numbers, number)
qualify row_number() over (partition by number order by posted_at desc, place desc) = 1
