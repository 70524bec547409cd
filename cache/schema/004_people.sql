-- Accounts. secret: an argon2 hash, NULL where an identity provider vouches. second: the secret of a second factor.
CREATE TABLE account (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    enterprise VARCHAR,
    secret VARCHAR,
    must_change BOOLEAN NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    disabled BOOLEAN NOT NULL,
    second VARCHAR,
    second_used BIGINT NOT NULL
);
-- Sessions; key is the SHA-256 of what the browser holds. Ended ones stay for a while, to say why.
CREATE TABLE session (
    key VARCHAR PRIMARY KEY,
    account VARCHAR NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    address VARCHAR NOT NULL,
    agent VARCHAR NOT NULL,
    ended_at TIMESTAMP,
    ended_why VARCHAR,
    ended_by VARCHAR
);
-- Tokens of machines; key is the SHA-256 of the token, scopes have spaces between them.
CREATE TABLE machine_token (
    key VARCHAR PRIMARY KEY,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    scopes VARCHAR NOT NULL,
    enterprise VARCHAR,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    revoked_at TIMESTAMP,
    revoked_by VARCHAR
);
-- Wrong tries in a row, of an account or from an address, and until when it is locked.
CREATE TABLE sign_in_try (subject VARCHAR PRIMARY KEY, tries INTEGER NOT NULL, last_at TIMESTAMP NOT NULL, until TIMESTAMP);
