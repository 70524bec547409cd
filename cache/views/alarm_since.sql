-- When the analysed period begins: so many days (models/analysis_period.py) before its end, or when the caller says.
CREATE OR REPLACE MACRO alarm_since(moment, period, starts) AS
    CASE
        WHEN starts IS NULL THEN
            time_bucket(INTERVAL 10 MINUTE, moment::TIMESTAMP)
            - CASE period WHEN 'week' THEN INTERVAL 7 DAY WHEN 'year' THEN INTERVAL 365 DAY ELSE INTERVAL 30 DAY END
        ELSE starts::TIMESTAMP
    END
