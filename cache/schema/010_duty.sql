-- Who stands on a shift (DR-1), from when to when, as known; the newest version has no known_to. A shift of the park
-- (org 'park') or of an enterprise is set as a whole. source: who set it, or the file that did. seq: its journal entry.
CREATE TABLE roster (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    seq BIGINT NOT NULL,
    org VARCHAR NOT NULL,
    day DATE NOT NULL,
    shift VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    starts TIMESTAMP NOT NULL,
    ends TIMESTAMP NOT NULL,
    note VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    set_by VARCHAR NOT NULL,
    set_at TIMESTAMP NOT NULL
);
-- A shift that is handed over (DR-2, AL-11), from when to when, as known. since: the moment of the one before; as_of: the
-- moment of which the counts are. The lists can be asked again as of as_of.
CREATE TABLE handover (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    seq BIGINT NOT NULL,
    org VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    day DATE NOT NULL,
    shift VARCHAR NOT NULL,
    since TIMESTAMP,
    as_of TIMESTAMP NOT NULL,
    held BIGINT NOT NULL,
    open_alarms BIGINT NOT NULL,
    offline BIGINT NOT NULL,
    repair BIGINT NOT NULL,
    sources_down BIGINT NOT NULL,
    raised BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    decided BIGINT NOT NULL,
    remarks VARCHAR NOT NULL,
    prepared_by VARCHAR NOT NULL,
    prepared_at TIMESTAMP NOT NULL,
    given_by VARCHAR,
    given_at TIMESTAMP,
    taken_by VARCHAR,
    taken_at TIMESTAMP,
    withdrawn_by VARCHAR,
    withdrawn_at TIMESTAMP
);
-- A file of rosters that was read: how many rows of it were taken and how many were refused; and each that was refused.
CREATE TABLE roster_import (
    id VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    org VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    read_by VARCHAR NOT NULL,
    good BIGINT NOT NULL,
    bad BIGINT NOT NULL
);
CREATE TABLE roster_refusal (
    id VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    import VARCHAR NOT NULL,
    org VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    field VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    raw VARCHAR NOT NULL
);
