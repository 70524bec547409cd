-- One row an alarm that any source has reported, as known at the moment given.
CREATE OR REPLACE MACRO alarm_at(moment) AS TABLE
WITH reported AS (
    SELECT
        id, 'hazard_alarm' AS origin, hazard_point_id AS device, enterprise_id AS enterprise, hazard_source_id AS place,
        CASE alarm_type WHEN '01' THEN 'H' WHEN '02' THEN 'HH' WHEN '03' THEN 'L' WHEN '04' THEN 'LL' END AS kind,
        alarm_value AS value, threshold, alarm_at, cleared_at, handling_status,
        alarm_status = '01' AND cleared_at IS NULL AND NOT coalesce(is_false_alarm, false) AS lasting,
        NULL::DOUBLE AS lon, NULL::DOUBLE AS lat, NULL::VARCHAR AS medium
    FROM hazard_alarm_at(moment)
    UNION ALL
    -- a leak has no end of its own: it is open until ten minutes after it was last reported (R-GAS-3);
    -- told in whole minutes, so that nothing has to be asked again within one
    SELECT
        id, 'gas_leak_statistic', device_id, NULL, NULL, 'leak', max_value, NULL, created_at,
        CASE WHEN updated_at + INTERVAL 10 MINUTE <= date_trunc('minute', moment) THEN updated_at + INTERVAL 10 MINUTE END,
        CASE WHEN updated_at + INTERVAL 10 MINUTE <= date_trunc('minute', moment) THEN '03' ELSE '01' END,
        updated_at + INTERVAL 10 MINUTE > date_trunc('minute', moment), longitude, latitude, leaked_chemical_name
    FROM gas_leak_statistic_at(moment)
    UNION ALL
    SELECT
        id, 'parking_gas_alarm', indicator_id, NULL, parking_lot_id,
        CASE alarm_type WHEN '01' THEN 'H' WHEN '02' THEN 'HH' WHEN '03' THEN 'L' WHEN '04' THEN 'LL' END,
        NULL, NULL, alarm_at, cleared_at, handling_status,
        alarm_status = '01' AND cleared_at IS NULL AND NOT coalesce(is_false_alarm, false), NULL, NULL, NULL
    FROM parking_gas_alarm_at(moment)
),

placed AS (
    SELECT
        r.*,
        p.id AS point_id, p.unit, p.alarm_lo_lo, p.alarm_lo, p.alarm_hi, p.alarm_hi_hi,
        CASE WHEN r.origin <> 'hazard_alarm' THEN 'gas' ELSE coalesce(p.alarm_class, 'process') END AS alarm_class,
        coalesce(r.enterprise, p.owner, d.owner, s.owner) AS owner,
        coalesce(r.lon, p.lon, d.lon, s.lon, e.lon) AS at_lon, coalesce(r.lat, p.lat, d.lat, s.lat, e.lat) AS at_lat,
        coalesce(p.name_zh, d.name_zh, s.name_zh, e.name_zh) AS name_zh,
        coalesce(p.name_en, d.name_en, s.name_en, e.name_en) AS name_en,
        coalesce(r.medium, p.medium) AS of_medium,
        CASE
            WHEN r.kind <> 'leak' THEN r.kind
            WHEN r.value > p.alarm_hi_hi THEN 'HH'
            WHEN r.value > p.alarm_hi THEN 'H'
            ELSE 'leak'
        END AS graded_as
    FROM reported AS r
    LEFT JOIN point AS p ON p.id = r.device
    LEFT JOIN feature AS d ON d.id = r.device
    LEFT JOIN feature AS s ON s.id = r.place
    LEFT JOIN feature AS e ON e.id = r.enterprise
)

SELECT
    a.id, a.origin, l.level, l.colour, a.kind, a.device AS point, a.owner, a.at_lon AS lon, a.at_lat AS lat,
    a.name_zh, a.name_en, a.of_medium AS medium, a.unit, a.value,
    coalesce(a.threshold, CASE a.graded_as
        WHEN 'HH' THEN a.alarm_hi_hi WHEN 'H' THEN a.alarm_hi WHEN 'L' THEN a.alarm_lo WHEN 'LL' THEN a.alarm_lo_lo
    END) AS threshold,
    a.alarm_at, a.cleared_at,
    CASE a.handling_status WHEN '02' THEN 'handling' WHEN '03' THEN 'done' ELSE 'open' END AS handling,
    a.lasting AS open, a.alarm_class = 'gas' AS is_gas
FROM placed AS a
LEFT JOIN alarm_level AS l ON l.alarm_class = a.alarm_class AND l.kind = a.graded_as
