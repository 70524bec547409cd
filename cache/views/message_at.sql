-- One row a message, as known at the moment given.
CREATE OR REPLACE MACRO message_at(moment) AS TABLE
SELECT * FROM message WHERE known_from <= moment AND (known_to IS NULL OR known_to > moment)
