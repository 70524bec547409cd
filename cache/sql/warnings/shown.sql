-- One row a gas warning that is not closed or was opened in the last 30 days: those that last first, then what waits for people, then the rest; the gravest first.
with told as (
    -- whom the newest level was told, and who of the address book has been reached so far
    select subject as id, max_by(id, known) as notice, max_by(addressees, known) as told_to, max(known) as told_at
    from notice_at($at)
    where template = 'gas_warning'
    group by subject
),
sent as (
    select m.notice, string_agg(distinct m.name, '、' order by m.name) as sent_to, count(distinct m.name) as sent_n,
           max(m.sent_at) as sent_at
    from message_at($at) m semi join told t on t.notice = m.notice
    where m.sent_at is not null
    group by m.notice
)
select w.id, 'gas_warning' as "table", w.last_by as source, w.opened_at as ts, w.known_from as known, 'good' as quality,
       w.state as warning_state, w.level, w.machine, w.worst, w.worst_at, w.why as warning_why, w.began_at, w.opened_at, w.point,
       w.lon, w.lat, w.name_zh, w.name_en, w.medium, w.owner, w.points, w.alarms, w.toxic, w.due, w.overdue_at, w.over_at,
       w.feedback_at, w.feedback_by, w.reported_at, w.result_at, w.result_by, w.reports, w.prestart_at, w.cautions, w.closed_at,
       w.closed_by, w.hand, w.raised, t.told_to, len(t.told_to) as told_n, t.told_at, s.sent_to, s.sent_at, s.sent_n,
       coalesce(o.name_zh, w.owner) as owner_zh, coalesce(o.name_en, w.owner) as owner_en,
       date_diff('millisecond', w.opened_at, w.feedback_at) / 1000 as answer_s, t.id is not null as pushed,
       w.worst in ('orange', 'red') as grave, w.cautions > 0 as was_late, w.state <> 'closed' as waits
from gas_warning_at($at) w
left join told t on t.id = w.id
left join sent s on s.notice = t.notice
left join feature o on o.layer = 'enterprises' and o.id = w.owner
where (w.state <> 'closed' or w.opened_at > date_trunc('minute', $at::timestamp) - interval 30 day)
  and ($scope = 'park' or w.owner = $scope or (w.owner is null and list_contains(w.affected, $scope)))
  and ($enterprise is null or w.owner = $enterprise)
order by w.state = 'closed', w.level is null, case coalesce(w.level, w.worst) when 'red' then 1 when 'orange' then 2 when 'yellow' then 3 else 4 end, w.opened_at desc, w.id
