-- One row: how alarms raised within a period were handled (KPI-2 … KPI-6), and how many wait unhandled at the moment (KPI-12).
with known as (
    select *, closed_as in ('false', 'momentary') as void, stage in ('handled', 'off', 'closed') as is_handled
    from alarm_at($at)
    where until >= $start::timestamp
      and ($scope = 'park' or owner = $scope) and ($enterprise is null or owner = $enterprise)
),
raised as (
    select count(*) as raised,
           count(*) filter (is_handled) as handled,
           count(*) filter (first_handled_at <= handle_by) as timely,
           count(*) filter (judged is not null) as judged,
           count(*) filter (closed_as = 'false') as untrue,
           count(*) filter (not coalesce(void, false)) as valid,
           count(*) filter (not coalesce(void, false) and stage = 'closed') as closed,
           count(*) filter (active) as lasting
    from known
    where alarm_at >= $start::timestamp and alarm_at < $end::timestamp
),
cleared as (
    select count(*) as cleared, avg(epoch(cleared_at) - epoch(alarm_at)) as clearing_s
    from known
    where cleared_at >= $start::timestamp and cleared_at < $end::timestamp
),
unhandled as (
    select count(*) as unhandled
    from known
    where first_handled_at is null and stage not in ('handled', 'off', 'closed') and level in ('S', 'A', 'B', 'C')
)
select r.*, c.*, u.*,
       r.handled / nullif(r.raised, 0) as handling_rate,
       r.timely / nullif(r.raised, 0) as timely_rate,
       r.untrue / nullif(r.judged, 0) as false_rate,
       r.closed / nullif(r.valid, 0) as closed_rate
from raised r, cleared c, unhandled u
