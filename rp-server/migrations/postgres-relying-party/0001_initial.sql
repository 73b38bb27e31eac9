-- What a relying party keeps whose authentication server has a process of its own. There is no table of credentials,
-- keys or ceremonies. Tables that have a namesake in the database of both roles have the same columns.

-- account_no is random and stands for the account in the audit table; after deletion it leads nowhere.
CREATE TABLE accounts (
    user_id      BYTEA PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    account_no   BIGINT NOT NULL UNIQUE,
    created_ms   BIGINT NOT NULL
);

-- Only the SHA-256 of a session token is kept. credential_id names the credential that opened it, to end it with that.
CREATE TABLE sessions (
    token_hash    BYTEA PRIMARY KEY,
    user_id       BYTEA NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    credential_id BYTEA,
    created_ms    BIGINT NOT NULL,
    verified_ms   BIGINT NOT NULL,
    seen_ms       BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_credential ON sessions (credential_id);

CREATE TABLE audit (
    at_ms      BIGINT NOT NULL,
    event      TEXT NOT NULL,
    account_no BIGINT
);
CREATE INDEX audit_by_time ON audit (at_ms);

-- Work that the authentication server has been or is to be asked for, until both sides have done their half.
-- receipt: a registration to be confirmed by it. event: a deregistration, noted so when done; of all credentials
-- of the user where credential_id is NULL.
CREATE TABLE unfinished (
    number        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       BYTEA NOT NULL,
    credential_id BYTEA,
    receipt       TEXT,
    event         TEXT,
    since_ms      BIGINT NOT NULL,
    CHECK ((receipt IS NULL) <> (event IS NULL))
);
