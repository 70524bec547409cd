-- Who stands on which shift, as known at the moment given.
CREATE OR REPLACE MACRO roster_at(moment) AS TABLE
SELECT * FROM roster WHERE known_from <= moment::TIMESTAMP AND (known_to IS NULL OR known_to > moment::TIMESTAMP)
