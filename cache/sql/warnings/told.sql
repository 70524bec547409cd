-- One row an addressee of a notice about a gas warning, and who of the address book that was, where it is sent.
with notices as (
    select n.id, n.known, n.kind, n.template, n.level, n.held_at, unnest(n.addressees) as addressee
    from notice n
    where n.subject = $id and n.known <= $at::timestamp and n.kind in ('gas_warning', 'caution')
      and ($scope = 'park' or exists (select 1 from gas_warning w where w.id = $id and w.owner = $scope))
),
messages as (
    select m.notice, m.name, m.post, m.channel, m.state, m.sent_at, m.read_at
    from message m
    where m.subject = $id and m.known_from <= $at::timestamp and (m.known_to is null or m.known_to > $at::timestamp)
)
select n.id as notice, n.known, n.template, n.level, n.held_at, n.addressee, m.name as recipient_name, m.channel, m.state, m.sent_at, m.read_at
from notices n left join messages m on m.notice = n.id and split_part(substr(n.addressee, 6), '@', 1) = m.post
order by n.known, n.id, n.addressee, recipient_name, m.channel
