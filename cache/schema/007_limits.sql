-- What was asked of limits and what became of it (R-GAS-15), as known from known_from until known_to; the row that counts
-- by now has no known_to. new NULL: the limit is given up.
CREATE TABLE limit_change (
    id VARCHAR NOT NULL,
    point VARCHAR NOT NULL,
    which VARCHAR NOT NULL,
    old DOUBLE,
    new DOUBLE,
    reason VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    approver VARCHAR,
    approved_at TIMESTAMP,
    refused_at TIMESTAMP,
    note VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP
);
