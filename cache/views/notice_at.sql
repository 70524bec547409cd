-- One row a notice that was posted by the moment given.
CREATE OR REPLACE MACRO notice_at(moment) AS TABLE
SELECT * FROM notice WHERE known <= moment
