-- An alarm from when to when, as known: one row a version, made by the journal's entry seq (models/alarm_state.py says
-- what each column means). The newest version has no known_to.
CREATE TABLE alarm (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    -- the last that happened to it once it is closed, the end of time before: so one comparison finds what may count
    until TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    origin VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    alarm_at TIMESTAMP NOT NULL,
    raised TIMESTAMP NOT NULL,
    handle_by TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    is_gas BOOLEAN NOT NULL,
    point VARCHAR,
    owner VARCHAR,
    lon DOUBLE,
    lat DOUBLE,
    name_zh VARCHAR,
    name_en VARCHAR,
    medium VARCHAR,
    unit VARCHAR,
    value DOUBLE,
    threshold DOUBLE,
    clears BOOLEAN NOT NULL,
    seen BOOLEAN NOT NULL,
    told BOOLEAN NOT NULL,
    cleared_at TIMESTAMP,
    ends_at TIMESTAMP,
    stage VARCHAR NOT NULL,
    before VARCHAR,
    handler VARCHAR,
    first_handled_at TIMESTAMP,
    contacted_at TIMESTAMP,
    contact_by TIMESTAMP,
    judged VARCHAR,
    judged_by VARCHAR,
    second_by VARCHAR,
    closed_at TIMESTAMP,
    closed_as VARCHAR,
    says VARCHAR NOT NULL,
    events INTEGER NOT NULL,
    last_event VARCHAR NOT NULL,
    last_by VARCHAR NOT NULL,
    last_at TIMESTAMP
);
-- Other names of alarms: records and detections that joined one (R-AL-16).
CREATE TABLE alarm_alias (name VARCHAR NOT NULL, alarm VARCHAR NOT NULL, known TIMESTAMP NOT NULL);
-- An application for a point, unit or workshop that is under repair or stopped (R-AL-8), from when to when, as known.
CREATE TABLE fault (
    id VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP,
    seq BIGINT NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    owner VARCHAR,
    points VARCHAR[] NOT NULL,
    starts TIMESTAMP NOT NULL,
    ends TIMESTAMP NOT NULL,
    note VARCHAR NOT NULL,
    applied_by VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    decision VARCHAR
);
-- What raised no alarm because of an approved application and lasts still: it raises one when the period ends.
CREATE TABLE alarm_muted (
    point VARCHAR NOT NULL,
    condition VARCHAR NOT NULL,
    fault VARCHAR NOT NULL,
    since TIMESTAMP NOT NULL,
    value DOUBLE,
    threshold DOUBLE
);
