-- One row an alarm of the analysed period, or of the one before it, with the record that told of it and what is counted of
-- it, in no order; one more than may be told at once (dashboards/panels/_analysis.py) where there are too many.
select a.id, a.origin as "table", a.source, a.alarm_at as ts, a.known_from as known, 'good' as quality, a.name_zh, a.name_en, a.is_gas,
       a.earlier, timezone($zone, timezone('UTC', a.alarm_at))::date::varchar as day,
       a.level, a.kind as alarm_kind, a.point, coalesce(a.owner, '') as owner, coalesce(a.point, '') || ' ' || a.kind as repeated,
       a.alarm_at, a.ended_at as cleared_at, a.first_handled_at, a.closed_at, a.stage, a.judged, a.value, a.threshold, a.unit,
       a.handled, a.timely, a.stale, a.ack_ms, a.clearing_ms,
       case when a.stage = 'closed' then a.closed_as when a.stage in ('handled', 'off') then 'handled' else 'open' end as cause,
       coalesce(a.judged in ('false', 'momentary'), false) as idle,
       case a.kind when 'L' then -1 when 'LL' then -1 else 1 end * (a.value - a.threshold) / nullif(abs(a.threshold), 0) as over,
       epoch_ms(a.alarm_at) - lag(epoch_ms(a.ended_at)) over ordered as gap_ms,
       coalesce(a.point is not null and epoch_ms(a.alarm_at) - lag(epoch_ms(a.alarm_at), 2) over ordered <= 60000, false) as chatters
from analysed_alarm_at($at, $period, $starts, $ends, $earlier_starts, $earlier_ends) a
where ($scope = 'park' or a.owner = $scope) and ($enterprise is null or a.owner = $enterprise)
window ordered as (partition by a.earlier, a.point, a.kind order by a.alarm_at)
limit 350001
