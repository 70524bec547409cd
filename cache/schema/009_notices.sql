-- What people have to be told (twin/notice.py), written with its cause; never changed. seq: its entry in the journal.
CREATE TABLE notice (
    id VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    held_at TIMESTAMP NOT NULL,
    due TIMESTAMP NOT NULL,
    addressees VARCHAR[] NOT NULL,
    template VARCHAR NOT NULL,
    args VARCHAR NOT NULL,
    level VARCHAR,
    owner VARCHAR,
    channels VARCHAR[] NOT NULL,
    asked_by VARCHAR NOT NULL
);
-- A notice to one person by one channel, from when to when, as known; the newest version has no known_to.
-- state: waiting | sending | sent | failed (given up) | read (in-app, seen) | unreachable (no number, no address).
CREATE TABLE message (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    notice VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    level VARCHAR,
    owner VARCHAR,
    recipient VARCHAR,
    account VARCHAR,
    name VARCHAR NOT NULL,
    post VARCHAR,
    channel VARCHAR NOT NULL,
    address VARCHAR,
    title_zh VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    body_zh VARCHAR NOT NULL,
    body_en VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    place BIGINT NOT NULL,
    posted_at TIMESTAMP NOT NULL,
    due TIMESTAMP NOT NULL,
    state VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    tried_at TIMESTAMP,
    sent_at TIMESTAMP,
    read_at TIMESTAMP,
    result VARCHAR
);
-- Who may be told (R-PU-4), from when to when, as known. Empty lists let everything pass.
CREATE TABLE recipient (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    seq BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    post VARCHAR,
    enterprise VARCHAR,
    mobile VARCHAR,
    email VARCHAR,
    account VARCHAR,
    language VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL,
    channels VARCHAR[] NOT NULL,
    kinds VARCHAR[] NOT NULL,
    sources VARCHAR[] NOT NULL,
    levels VARCHAR[] NOT NULL
);
