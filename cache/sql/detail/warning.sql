-- One row: a gas warning as known at the moment, what its level was computed from last, and who was told of it last.
with newest as (
    select * from gas_evidence where warning = $id and known <= $at::timestamp qualify row_number() over (order by known desc, seq desc) = 1
),
told as (
    select max_by(id, known) as notice, max_by(addressees, known) as told_to, max(known) as told_at
    from notice where subject = $id and template = 'gas_warning' and known <= $at::timestamp
),
sent as (
    select string_agg(distinct m.name, '、' order by m.name) as sent_to, max(m.sent_at) as sent_at
    from message m
    where m.notice = (select notice from told) and m.sent_at is not null and m.known_from <= $at::timestamp
      and (m.known_to is null or m.known_to > $at::timestamp)
)
select w.id, 'gas_warning' as "table", w.last_by as source, w.opened_at as ts, w.known_from as known, 'good' as quality,
       w.state as warning_state, w.level, w.worst, w.worst_at, w.why as warning_why, w.began_at, w.opened_at, w.point, w.lon, w.lat,
       w.name_zh, w.name_en, w.medium, w.owner, w.due, w.over_at, w.feedback_at, w.feedback_by, w.result_at, w.result_by,
       w.reports, w.cautions, w.prestart_at, w.closed_at, w.closed_by, w.basis, w.radius_m, w.hand,
       case when $scope = 'park' then w.affected else list_filter(w.affected, lambda each: each = $scope) end as affected,
       e.points, e.lasting, e.second, e.alarms, e.repeats, e.per_point, e.clear_s, e.longest_s, e.spread_m, e.disturbance, e.people,
       t.told_to, t.told_at, s.sent_to, s.sent_at
from gas_warning w left join newest e on true left join told t on true left join sent s on true
where w.id = $id and w.known_from <= $at::timestamp and (w.known_to is null or w.known_to > $at::timestamp)
  and ($scope = 'park' or w.owner = $scope or (w.owner is null and list_contains(w.affected, $scope)))
