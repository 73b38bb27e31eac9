-- Everything the server keeps. There is no column for a biometric sample, feature, reference or score.

-- Keys the server makes for itself at first start: the statement key and the key of the decoy credential lists.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- account_no is random and stands for the account in the audit table; after deletion it leads nowhere.
CREATE TABLE accounts (
    user_id      BLOB PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    account_no   INTEGER NOT NULL UNIQUE,
    created_ms   INTEGER NOT NULL
) STRICT;

-- passkey: the credential record of WebAuthn Level 3, section 4, as JSON.
CREATE TABLE credentials (
    credential_id BLOB PRIMARY KEY,
    user_id       BLOB NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    passkey       TEXT NOT NULL,
    aaguid        BLOB NOT NULL,
    device        TEXT NOT NULL,
    created_ms    INTEGER NOT NULL,
    used_ms       INTEGER
) STRICT;
CREATE INDEX credentials_by_user ON credentials (user_id);

-- Only the SHA-256 of a session token is kept.
CREATE TABLE sessions (
    token_hash    BLOB PRIMARY KEY,
    user_id       BLOB NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    credential_id BLOB REFERENCES credentials (credential_id) ON DELETE SET NULL,
    created_ms    INTEGER NOT NULL,
    verified_ms   INTEGER NOT NULL,
    seen_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_credential ON sessions (credential_id);

-- A ceremony is deleted when it is read. user_id is kept beside the state so that deregistration takes it along.
CREATE TABLE ceremonies (
    token_hash BLOB PRIMARY KEY,
    user_id    BLOB,
    state      TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_ms);

CREATE TABLE audit (
    at_ms      INTEGER NOT NULL,
    event      TEXT NOT NULL,
    account_no INTEGER
) STRICT;
CREATE INDEX audit_by_time ON audit (at_ms);
