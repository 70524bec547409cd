-- Applications of the fault book, as known at the moment given.
CREATE OR REPLACE MACRO fault_at(moment) AS TABLE
SELECT * FROM fault WHERE known_from <= moment::TIMESTAMP AND (known_to IS NULL OR known_to > moment::TIMESTAMP)
