-- One row a caution notice, named criticism or inspection on file by the moment given.
CREATE OR REPLACE MACRO gas_caution_at(moment) AS TABLE
SELECT * FROM gas_caution WHERE known <= moment
