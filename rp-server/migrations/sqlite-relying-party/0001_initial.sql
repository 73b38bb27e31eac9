-- What a relying party keeps whose authentication server has a process of its own. There is no table of credentials,
-- keys or ceremonies. Tables that have a namesake in the database of both roles have the same columns.

-- account_no is random and stands for the account in the audit table; after deletion it leads nowhere.
CREATE TABLE accounts (
    user_id      BLOB PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    account_no   INTEGER NOT NULL UNIQUE,
    created_ms   INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a session token is kept. credential_id names the credential that opened it, to end it with that.
CREATE TABLE sessions (
    token_hash    BLOB PRIMARY KEY,
    user_id       BLOB NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    credential_id BLOB,
    created_ms    INTEGER NOT NULL,
    verified_ms   INTEGER NOT NULL,
    seen_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_credential ON sessions (credential_id);

CREATE TABLE audit (
    at_ms      INTEGER NOT NULL,
    event      TEXT NOT NULL,
    account_no INTEGER
) STRICT;
CREATE INDEX audit_by_time ON audit (at_ms);

-- Work that the authentication server has been or is to be asked for, until both sides have done their half.
-- receipt: a registration to be confirmed by it. event: a deregistration, noted so when done; of all credentials
-- of the user where credential_id is NULL.
CREATE TABLE unfinished (
    number        INTEGER PRIMARY KEY,
    user_id       BLOB NOT NULL,
    credential_id BLOB,
    receipt       TEXT,
    event         TEXT,
    since_ms      INTEGER NOT NULL,
    CHECK ((receipt IS NULL) <> (event IS NULL))
) STRICT;
