-- Readings in the order they were committed. fold: 0 kept only (late, superseded), 1 became the newest
-- value of its point, 2 became the newest and differed from the value before.
CREATE TABLE reading_raw (
    point INTEGER NOT NULL,
    ts TIMESTAMP NOT NULL,
    value DOUBLE NOT NULL,
    quality UTINYINT NOT NULL,
    known TIMESTAMP NOT NULL,
    source USMALLINT NOT NULL,
    fold UTINYINT NOT NULL
);
-- A point keeps its number for ever, whatever becomes of the park's files.
CREATE TABLE point_number (id VARCHAR PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE source_number (id VARCHAR PRIMARY KEY, number USMALLINT NOT NULL);
-- The newest value of every point every few minutes: a past state is the last of these and what came since.
CREATE TABLE snapshot (
    known TIMESTAMP NOT NULL,
    point INTEGER NOT NULL,
    ts TIMESTAMP NOT NULL,
    value DOUBLE NOT NULL,
    quality UTINYINT NOT NULL,
    reading_known TIMESTAMP NOT NULL,
    source USMALLINT NOT NULL,
    changed TIMESTAMP NOT NULL
);
-- Answers already given; the key is a digest of source and batch id.
CREATE TABLE batch (
    key UUID PRIMARY KEY,
    source VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    answer VARCHAR NOT NULL
);
CREATE TABLE source_cursor (source VARCHAR PRIMARY KEY, cursor VARCHAR NOT NULL, known TIMESTAMP NOT NULL);
CREATE TABLE reject (
    known TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL,
    index BIGINT NOT NULL,
    code VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    field VARCHAR,
    raw VARCHAR NOT NULL
);
-- How many points were online, once a minute.
CREATE TABLE pulse (known TIMESTAMP NOT NULL, points INTEGER NOT NULL, online INTEGER NOT NULL, stale INTEGER NOT NULL);
-- The park as its folder says it is now; filled again when the folder has changed.
CREATE TABLE point (
    ix INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id VARCHAR NOT NULL,
    name_zh VARCHAR,
    name_en VARCHAR,
    kind VARCHAR,
    medium VARCHAR,
    unit VARCHAR,
    owner VARCHAR,
    parent VARCHAR,
    lon DOUBLE,
    lat DOUBLE,
    range_lo DOUBLE,
    range_hi DOUBLE,
    alarm_lo_lo DOUBLE,
    alarm_lo DOUBLE,
    alarm_hi DOUBLE,
    alarm_hi_hi DOUBLE,
    hazard VARCHAR,
    alarm_class VARCHAR NOT NULL
);
CREATE TABLE feature (
    layer VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name_zh VARCHAR,
    name_en VARCHAR,
    owner VARCHAR,
    lon DOUBLE,
    lat DOUBLE,
    props JSON
);
CREATE TABLE alarm_level (alarm_class VARCHAR NOT NULL, kind VARCHAR NOT NULL, level VARCHAR NOT NULL, colour VARCHAR NOT NULL);
CREATE TABLE shape (name VARCHAR PRIMARY KEY, fingerprint VARCHAR NOT NULL);
