-- When the period begins that the analysed one is held against: as long a one before it, or when the caller says.
CREATE OR REPLACE MACRO alarm_since_before(moment, period, starts, earlier) AS
    CASE
        WHEN starts IS NULL THEN
            time_bucket(INTERVAL 10 MINUTE, moment::TIMESTAMP)
            - CASE period WHEN 'week' THEN INTERVAL 14 DAY WHEN 'year' THEN INTERVAL 730 DAY ELSE INTERVAL 60 DAY END
        ELSE coalesce(earlier::TIMESTAMP, starts::TIMESTAMP)
    END
