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
CREATE INDEX unfinished_by_user ON unfinished (user_id);

-- Accounts that were made or deleted, until the application around the server has been told (AccountHooks). An account
-- counts from when its credential was confirmed: one whose registration is open is nobody's business yet.
CREATE TABLE account_events (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       BLOB NOT NULL,
    event         TEXT NOT NULL,
    not_before_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX account_events_by_user ON account_events (user_id, number);

-- One row as soon as any application wants to be told; without it no event is kept.
CREATE TABLE account_listeners (
    listener INTEGER PRIMARY KEY CHECK (listener = 1)
) STRICT;

CREATE TRIGGER account_registered AFTER DELETE ON unfinished
WHEN OLD.receipt IS NOT NULL
    AND EXISTS (SELECT 1 FROM account_listeners)
    AND EXISTS (SELECT 1 FROM accounts WHERE user_id = OLD.user_id)
BEGIN
    INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'registered');
END;

CREATE TRIGGER account_deregistered AFTER DELETE ON accounts
WHEN EXISTS (SELECT 1 FROM account_listeners)
    AND NOT EXISTS (SELECT 1 FROM unfinished WHERE user_id = OLD.user_id AND receipt IS NOT NULL)
BEGIN
    INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'deregistered');
END;
