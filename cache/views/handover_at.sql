-- Handovers of shifts, as known at the moment given.
CREATE OR REPLACE MACRO handover_at(moment) AS TABLE
SELECT * FROM handover WHERE known_from <= moment::TIMESTAMP AND (known_to IS NULL OR known_to > moment::TIMESTAMP)
