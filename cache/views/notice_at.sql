-- Notices that were posted by the moment given.
CREATE OR REPLACE MACRO notice_at(moment) AS TABLE
SELECT * FROM notice WHERE known <= moment::TIMESTAMP
