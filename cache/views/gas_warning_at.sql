-- One row a gas warning, as known at the moment given.
CREATE OR REPLACE MACRO gas_warning_at(moment) AS TABLE
SELECT * FROM gas_warning WHERE known_from <= moment AND (known_to IS NULL OR known_to > moment)
