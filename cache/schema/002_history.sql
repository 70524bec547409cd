-- Closed minutes, one row a point and minute. A reading's time is first + step * slot where step > 0, else
-- first + the gaps until there. value has an entry a slot, NULL where no reading came; where thin > 0 only the slots
-- named in slot are there, and the rest lie on the line between them (1) or stay as the one before (2), at most slack
-- away.
-- late: came after a newer one of its point. seq: how many of this point and time came before it in the same closing.
-- known_first, known_last and known_list (gaps from slot to slot, NULL: all the same) are numbers of commits.
CREATE TABLE block_new (
    point INTEGER NOT NULL,
    first TIMESTAMP NOT NULL,
    step INTEGER NOT NULL,
    n INTEGER NOT NULL,
    value DOUBLE[] NOT NULL,
    gap INTEGER[],
    slot USMALLINT[],
    thin UTINYINT NOT NULL,
    slack DOUBLE,
    quality UTINYINT NOT NULL,
    qualities UTINYINT[],
    source USMALLINT NOT NULL,
    late BOOLEAN NOT NULL,
    seq UTINYINT NOT NULL,
    known_first BIGINT NOT NULL,
    known_last BIGINT NOT NULL,
    known_list BIGINT
);
-- The same, once five minutes are settled: in the order of points, so that one point's rows lie together.
CREATE TABLE block AS FROM block_new LIMIT 0;
CREATE VIEW blocks AS FROM block UNION ALL FROM block_new;
CREATE TABLE known_list (id BIGINT NOT NULL, gap INTEGER[] NOT NULL);
-- Commits that brought readings, in order.
CREATE TABLE committed (number BIGINT NOT NULL, known TIMESTAMP NOT NULL);
-- Five minutes of one point; known_last is the newest commit that it counts.
CREATE TABLE summary (
    point INTEGER NOT NULL,
    start TIMESTAMP NOT NULL,
    n INTEGER NOT NULL,
    min DOUBLE NOT NULL,
    max DOUBLE NOT NULL,
    mean DOUBLE NOT NULL,
    last DOUBLE NOT NULL,
    quality UTINYINT NOT NULL,
    known_last BIGINT NOT NULL
);
-- Days whose summaries have gone to a file.
CREATE TABLE archived (day DATE PRIMARY KEY, file VARCHAR NOT NULL, rows BIGINT NOT NULL);
-- How far the history has been put in order, in microseconds or counts, by name.
CREATE TABLE history_mark (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL);
DROP VIEW IF EXISTS reading;
