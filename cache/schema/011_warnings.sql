-- A gas warning from when to when, as known: one row a version, made by the journal's entry seq (models/gas_warning_state.py
-- says what each column means). The newest version has no known_to.
CREATE TABLE gas_warning (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    seq BIGINT NOT NULL,
    state VARCHAR NOT NULL,
    level VARCHAR,
    machine VARCHAR,
    worst VARCHAR NOT NULL,
    worst_at TIMESTAMP NOT NULL,
    why VARCHAR NOT NULL,
    began_at TIMESTAMP NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    point VARCHAR NOT NULL,
    toxic BOOLEAN NOT NULL,
    affected VARCHAR[] NOT NULL,
    radius_m DOUBLE NOT NULL,
    points INTEGER NOT NULL,
    alarms INTEGER NOT NULL,
    lon DOUBLE,
    lat DOUBLE,
    name_zh VARCHAR,
    name_en VARCHAR,
    medium VARCHAR,
    owner VARCHAR,
    hand VARCHAR,
    hand_over VARCHAR,
    exposed BOOLEAN NOT NULL,
    due TIMESTAMP,
    raised INTEGER NOT NULL,
    over_at TIMESTAMP,
    feedback_at TIMESTAMP,
    feedback_by VARCHAR,
    reported_at TIMESTAMP,
    result_at TIMESTAMP,
    result_by VARCHAR,
    reports INTEGER NOT NULL,
    prestart_at TIMESTAMP,
    prestart_by VARCHAR,
    overdue_at TIMESTAMP,
    cautions INTEGER NOT NULL,
    closed_at TIMESTAMP,
    closed_by VARCHAR,
    basis VARCHAR,
    events INTEGER NOT NULL,
    last_event VARCHAR NOT NULL,
    last_by VARCHAR NOT NULL,
    last_at TIMESTAMP
);
-- The alarms of the ledger that a warning is made of; each belongs to one, or to another one when it comes again later.
CREATE TABLE gas_member (
    warning VARCHAR NOT NULL,
    alarm VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL
);
-- What a warning's level was computed from (R-GAS-2), each time that something of it had changed.
CREATE TABLE gas_evidence (
    warning VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    level VARCHAR,
    why VARCHAR NOT NULL,
    held_at TIMESTAMP NOT NULL,
    points INTEGER NOT NULL,
    lasting INTEGER NOT NULL,
    second INTEGER NOT NULL,
    alarms INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    per_point DOUBLE NOT NULL,
    clear_s DOUBLE,
    longest_s DOUBLE NOT NULL,
    spread_m DOUBLE,
    disturbance DOUBLE,
    people INTEGER,
    exposed BOOLEAN NOT NULL,
    places VARCHAR[] NOT NULL
);
-- An accident investigation report (R-GAS-14): its file lies in the data folder's archive under its SHA-256.
CREATE TABLE gas_report (
    id VARCHAR NOT NULL,
    warning VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    author VARCHAR NOT NULL
);
-- Caution notices, named criticism and inspections on file (R-GAS-7, R-GAS-8); enterprise NULL: a public area.
-- in_row: how many caution notices of the enterprise stood in a row with it.
CREATE TABLE gas_caution (
    id VARCHAR NOT NULL,
    warning VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    enterprise VARCHAR,
    due TIMESTAMP NOT NULL,
    in_row INTEGER NOT NULL
);
