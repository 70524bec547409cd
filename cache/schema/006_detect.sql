-- Detection as it stood at its mark; of each table there is one state only. What came after the mark is folded again
-- when the file is opened: readings from reading_raw, the rest from detect_step.
CREATE TABLE detect_mark (known TIMESTAMP NOT NULL, clock TIMESTAMP);
-- One row a point that was ever heard; value and value_ts are of the last reading that counted.
CREATE TABLE detect_point (
    point INTEGER NOT NULL,
    seen TIMESTAMP,
    heard TIMESTAMP,
    value DOUBLE,
    value_ts TIMESTAMP,
    source USMALLINT NOT NULL,
    rate DOUBLE,
    jump DOUBLE
);
-- One row a point and condition that was ever raised, or is under way (since).
CREATE TABLE detect_condition (
    point INTEGER NOT NULL,
    condition VARCHAR NOT NULL,
    raised BOOLEAN NOT NULL,
    since TIMESTAMP,
    raised_at TIMESTAMP,
    cleared_at TIMESTAMP
);
-- One row a name that readings come under and that speaks for another source, such as the token of its machine.
CREATE TABLE detect_voice (voice USMALLINT NOT NULL, source USMALLINT NOT NULL);
-- One row a source that was ever down.
CREATE TABLE detect_source (source USMALLINT NOT NULL, raised BOOLEAN NOT NULL, raised_at TIMESTAMP, cleared_at TIMESTAMP);
-- One row for what detection did besides readings: tick, begin, limits, down, up, voice (which speaks for
-- source). after: the readings of the same known
-- came first.
CREATE TABLE detect_step (known TIMESTAMP NOT NULL, kind VARCHAR NOT NULL, source VARCHAR, after BOOLEAN NOT NULL, voice VARCHAR);
