-- One row an alarm, as known at the moment given, as the desk tells it: whose it is, who has it in hand, what is known of it
-- and since when.
CREATE OR REPLACE MACRO desk_alarm_at(moment) AS TABLE
SELECT
    a.id, a.origin AS "table", a.source, a.alarm_at AS ts, a.known, 'good' AS quality, a.level, a.colour, a.kind,
    a.kind AS alarm_kind, a.origin, a.point, a.owner, coalesce(o.name_zh, a.owner) AS owner_zh,
    coalesce(o.name_en, a.owner) AS owner_en, a.name_zh, a.name_en, a.medium, a.unit, a.value, a.threshold, a.is_gas,
    a.alarm_at, a.cleared_at, a.raised, a.handle_by, a.first_handled_at, a.closed_at, a.active, a.open, a.stage, a.handling,
    a.handler, coalesce(a.handler, a.last_by) AS by_whom, a.judged
FROM alarm_at(moment) AS a
LEFT JOIN feature AS o ON o.layer = 'enterprises' AND o.id = a.owner
