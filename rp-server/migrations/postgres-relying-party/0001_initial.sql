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
CREATE INDEX unfinished_by_user ON unfinished (user_id);

-- As migrations/sqlite-relying-party.
CREATE TABLE account_events (
    number        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       BYTEA NOT NULL,
    event         TEXT NOT NULL,
    not_before_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX account_events_by_user ON account_events (user_id, number);

CREATE TABLE account_listeners (
    listener BIGINT PRIMARY KEY CHECK (listener = 1)
);

CREATE FUNCTION note_account_registered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM account_listeners)
        AND EXISTS (SELECT 1 FROM accounts WHERE user_id = OLD.user_id) THEN
        INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'registered');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER account_registered AFTER DELETE ON unfinished
    FOR EACH ROW WHEN (OLD.receipt IS NOT NULL) EXECUTE FUNCTION note_account_registered();

CREATE FUNCTION note_account_deregistered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM account_listeners)
        AND NOT EXISTS (SELECT 1 FROM unfinished WHERE user_id = OLD.user_id AND receipt IS NOT NULL) THEN
        INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'deregistered');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER account_deregistered AFTER DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION note_account_deregistered();
