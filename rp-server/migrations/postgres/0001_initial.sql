-- Everything the server keeps, as in migrations/sqlite. There is no column for a biometric sample, feature, reference
-- or score.

-- Keys the server makes for itself at first start: the statement key and the key of the decoy credential lists.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- account_no is random and stands for the account in the audit table; after deletion it leads nowhere.
CREATE TABLE accounts (
    user_id      BYTEA PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    account_no   BIGINT NOT NULL UNIQUE,
    created_ms   BIGINT NOT NULL
);

-- The credential record of WebAuthn Level 3, section 4.
CREATE TABLE credentials (
    credential_id   BYTEA PRIMARY KEY,
    user_id         BYTEA NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    public_key      BYTEA NOT NULL, -- COSE_Key
    algorithm       BIGINT NOT NULL, -- COSE algorithm identifier
    sign_count      BIGINT NOT NULL,
    uv_initialized  BOOLEAN NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backup_state    BOOLEAN NOT NULL,
    transports      TEXT NOT NULL, -- names with a comma between
    aaguid          BYTEA NOT NULL,
    device          TEXT NOT NULL,
    created_ms      BIGINT NOT NULL,
    used_ms         BIGINT,
    -- Names of the layers that the last ceremony of a credential of ours passed, comma between; NULL for others.
    presentation_attack_detection TEXT
);
CREATE INDEX credentials_by_user ON credentials (user_id);

-- Only the SHA-256 of a session token is kept.
CREATE TABLE sessions (
    token_hash    BYTEA PRIMARY KEY,
    user_id       BYTEA NOT NULL REFERENCES accounts (user_id) ON DELETE CASCADE,
    credential_id BYTEA REFERENCES credentials (credential_id) ON DELETE SET NULL,
    created_ms    BIGINT NOT NULL,
    verified_ms   BIGINT NOT NULL,
    seen_ms       BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_credential ON sessions (credential_id);

-- A ceremony is deleted when it is read. user_id is kept beside the state so that deregistration takes it along.
CREATE TABLE ceremonies (
    token_hash BYTEA PRIMARY KEY,
    user_id    BYTEA,
    state      TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_ms);
CREATE INDEX ceremonies_by_user ON ceremonies (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE audit (
    at_ms      BIGINT NOT NULL,
    event      TEXT NOT NULL,
    account_no BIGINT
);
CREATE INDEX audit_by_time ON audit (at_ms);

-- SHA-256 of credential IDs that a statement has called unregistered, kept while a ceremony that could still
-- register one of them lives: else that statement could erase a registered credential at its agent. A registration
-- takes the row of its credential ID too, so that of it and a statement one waits for the other.
CREATE TABLE stated_unregistered (
    id_hash  BYTEA PRIMARY KEY,
    until_ms BIGINT NOT NULL
);
CREATE INDEX stated_unregistered_by_end ON stated_unregistered (until_ms);
