-- One row a message of the last days, as known at the moment given: the newest of those that the words let through.
with days as (
    select * from message
    where posted_at > date_trunc('minute', $at::timestamp) - interval 30 day and known_from <= $at::timestamp
      and (known_to is null or known_to > $at::timestamp)
)
select d.id, 'message' as "table", 'twin' as source, d.posted_at as ts, d.known_from as known, 'good' as quality, d.notice,
       d.kind as notice_kind, d.subject, d.level, d.owner, coalesce(o.name_zh, d.owner) as owner_zh,
       coalesce(o.name_en, d.owner) as owner_en, d.name as recipient_name, d.post, d.channel, d.address as reach, d.title_zh,
       d.title_en, d.body_zh, d.body_en, d.title_zh as name_zh, d.title_en as name_en, d.state as message_state, d.tries,
       d.posted_at, d.tried_at, d.sent_at, d.read_at, d.result, n.asked_by,
       d.posted_at > date_trunc('minute', $at::timestamp) - interval 24 hour as recent,
       date_diff('millisecond', greatest(d.posted_at, n.due), d.sent_at) / 1000.0 as took_s
from days d left join notice n on n.id = d.notice
left join feature o on o.layer = 'enterprises' and o.id = d.owner
where ($scope = 'park' or d.owner = $scope)
  and ($enterprise is null or d.owner = $enterprise)
  and ($words is null or contains(lower(concat_ws(' ', d.name, d.title_zh, d.title_en, d.channel, d.state, d.subject, d.address)), lower($words)))
order by d.posted_at desc, d.place desc
limit 500
