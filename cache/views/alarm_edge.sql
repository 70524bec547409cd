-- The moment up to which alarms are analysed, and as of which they are known: the last full ten minutes, so that an answer
-- stands for ten minutes; the moment itself where the caller says when the period starts.
CREATE OR REPLACE MACRO alarm_edge(moment, starts) AS
    CASE WHEN starts IS NULL THEN time_bucket(INTERVAL 10 MINUTE, moment::TIMESTAMP) ELSE moment::TIMESTAMP END
