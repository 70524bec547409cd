-- What is told of an account, from when to when, as known; nothing that proves who somebody is. local: it has a password
-- of ours; second: it has a second factor. Before this step only the present was kept: that is taken as its first
-- version, and what was changed before it stands in the journal.
CREATE TABLE account_version (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    enterprise VARCHAR,
    local BOOLEAN NOT NULL,
    must_change BOOLEAN NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    disabled BOOLEAN NOT NULL,
    second BOOLEAN NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP
);
INSERT INTO account_version
SELECT id, name, role, enterprise, secret IS NOT NULL, must_change, changed_at, made_at, made_by, disabled,
       second IS NOT NULL, made_at, NULL
FROM account;
