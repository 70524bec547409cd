-- What happened, one entry after the other, never changed and never taken away. hash is SHA-256 over the hash of the
-- entry before and the canonical bytes of this one (cache/ledger.py); known never decreases. The last hash is also
-- written beside the file, now and then, so that nobody can write the whole anew unseen.
CREATE TABLE journal (
    seq BIGINT NOT NULL,
    known TIMESTAMP NOT NULL,
    stream VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    said VARCHAR NOT NULL,
    hash BLOB NOT NULL
);
