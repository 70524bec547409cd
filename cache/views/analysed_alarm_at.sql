-- One row an alarm that was raised in a period, or in the one before it (earlier), as known when the looking ends, with what
-- analysis counts of it.
CREATE OR REPLACE MACRO analysed_alarm_at(moment, period, starts, ends, earlier_starts, earlier_ends) AS TABLE
SELECT
    id, origin, source, known_from, alarm_at, owner, kind, level, point, name_zh, name_en, is_gas, value, threshold, unit,
    judged, closed_as, stage, first_handled_at, ended_at, closed_at,
    alarm_at < alarm_since(moment, period, starts) AS earlier,
    stage IN ('handled', 'off', 'closed') AS handled,
    coalesce(first_handled_at <= handle_by, false) AS timely,
    CASE WHEN first_handled_at >= alarm_at THEN epoch_ms(first_handled_at) - epoch_ms(alarm_at) END AS ack_ms,
    CASE WHEN ended_at >= alarm_at THEN epoch_ms(ended_at) - epoch_ms(alarm_at) END AS clearing_ms,
    coalesce(ended_at, closed_at, alarm_edge(moment, starts)) > alarm_at + INTERVAL 24 HOUR AS stale
FROM (
    SELECT
        *,
        CASE
            WHEN (seen OR told) AND ends_at <= date_trunc('minute', alarm_edge(moment, starts)) THEN ends_at
            ELSE cleared_at
        END AS ended_at
    FROM alarm
    WHERE known_from <= alarm_edge(moment, starts) AND (known_to IS NULL OR known_to > alarm_edge(moment, starts))
      AND closed_as IS DISTINCT FROM 'withdrawn'
      AND alarm_at >= alarm_since_before(moment, period, starts, earlier_starts)
      AND alarm_at < least(coalesce(ends::TIMESTAMP, alarm_edge(moment, starts)), alarm_edge(moment, starts))
)
WHERE alarm_at >= alarm_since(moment, period, starts)
   OR alarm_at < coalesce(earlier_ends::TIMESTAMP, alarm_since(moment, period, starts))
