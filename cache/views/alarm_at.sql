-- One row an alarm, as known at the moment given. open: it lasts, and nobody may take it for over (one that is marked as
-- false and waits for the second look lasts); how far its handling is says the stage.
CREATE OR REPLACE MACRO alarm_at(moment) AS TABLE
WITH held AS (
    -- some end by the clock (a leak ten minutes after its last report, R-GAS-3); told in whole minutes, so that nothing
    -- has to be asked again within one
    SELECT *, coalesce((seen OR told) AND ends_at <= date_trunc('minute', moment), false) AS ended
    FROM alarm
    WHERE known_from <= moment AND (known_to IS NULL OR known_to > moment) AND closed_as IS DISTINCT FROM 'withdrawn'
)

SELECT
    id, origin, level,
    CASE level WHEN 'S' THEN 'red' WHEN 'A' THEN 'red' WHEN 'B' THEN 'orange' WHEN 'C' THEN 'yellow' ELSE 'blue' END AS colour,
    kind, point, owner, lon, lat, name_zh, name_en, medium, unit, value, threshold, alarm_at,
    CASE WHEN ended THEN ends_at ELSE cleared_at END AS cleared_at,
    CASE
        WHEN stage IN ('handled', 'off', 'closed') OR ended THEN 'done'
        WHEN first_handled_at IS NOT NULL THEN 'handling'
        ELSE 'open'
    END AS handling,
    (seen OR told) AND NOT ended AND stage <> 'closed' AS open,
    is_gas, (seen OR told) AND NOT ended AS active, stage, handler, raised, handle_by, first_handled_at, contacted_at,
    contact_by, judged, judged_by, second_by, closed_at, closed_as, events, last_event, last_by, last_at, clears, source,
    known_from AS known, until
FROM held
