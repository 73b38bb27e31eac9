-- What an authentication server keeps that has a process of its own. There is no table of accounts or sessions, and no
-- column for a biometric sample, feature, reference or score. Tables that have a namesake in the database of both
-- roles have the same columns.

-- Keys the server makes for itself at first start: the statement key and the key of the decoy credential lists.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- The credential record of WebAuthn Level 3, section 4.
CREATE TABLE credentials (
    credential_id   BYTEA PRIMARY KEY,
    user_id         BYTEA NOT NULL,
    aaguid          BYTEA NOT NULL,
    device          TEXT NOT NULL,
    created_ms      BIGINT NOT NULL,
    used_ms         BIGINT,
    presentation_attack_detection TEXT,
    public_key      BYTEA NOT NULL, -- COSE_Key
    algorithm       BIGINT NOT NULL, -- COSE algorithm identifier
    sign_count      BIGINT NOT NULL,
    uv_initialized  BOOLEAN NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backup_state    BOOLEAN NOT NULL,
    transports      TEXT NOT NULL, -- names with a comma between
    failures        BIGINT NOT NULL DEFAULT 0, -- failed attempts of its holder since the last success
    failed_ms       BIGINT NOT NULL DEFAULT 0 -- when the last of them was
);
CREATE INDEX credentials_by_user ON credentials (user_id);
CREATE INDEX credentials_by_failures ON credentials (failures) WHERE failures > 0;

-- A ceremony is deleted when it is read. A registration that was verified is one too, until the relying party confirms
-- that the account exists. user_id is kept beside the state so that deregistration takes it along.
CREATE TABLE ceremonies (
    token_hash BYTEA PRIMARY KEY,
    user_id    BYTEA,
    state      TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_ms);
CREATE INDEX ceremonies_by_user ON ceremonies (user_id) WHERE user_id IS NOT NULL;

-- SHA-256 of credential IDs that a statement has called unregistered, kept while a ceremony that could still
-- register one of them lives. A registration takes the row of its credential ID too, so that of it and a statement
-- one waits for the other.
CREATE TABLE stated_unregistered (
    id_hash  BYTEA PRIMARY KEY,
    until_ms BIGINT NOT NULL
);
CREATE INDEX stated_unregistered_by_end ON stated_unregistered (until_ms);

-- IDs of the relying party's messages, kept until the messages are too old to be taken.
CREATE TABLE messages (
    id       BYTEA PRIMARY KEY,
    until_ms BIGINT NOT NULL
);
CREATE INDEX messages_by_end ON messages (until_ms);
