-- The address book, as known at the moment given.
CREATE OR REPLACE MACRO recipient_at(moment) AS TABLE
SELECT * FROM recipient WHERE known_from <= moment::TIMESTAMP AND (known_to IS NULL OR known_to > moment::TIMESTAMP)
