-- What people answered to a message (R-PU-3): a gateway handed it in, or somebody noted it; never changed.
CREATE TABLE reply (
    id VARCHAR NOT NULL,
    known TIMESTAMP NOT NULL,
    message VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    noted_by VARCHAR NOT NULL
);
