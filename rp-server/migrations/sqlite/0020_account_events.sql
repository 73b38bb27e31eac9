-- Accounts that were made or deleted, until the application around the server has been told (AccountHooks). By
-- triggers, so that no path to an account can leave it out: the row commits with the change or not at all.
-- Nothing but the user handle, so that a name does not outlive its account.
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

CREATE TRIGGER account_registered AFTER INSERT ON accounts WHEN EXISTS (SELECT 1 FROM account_listeners) BEGIN
    INSERT INTO account_events (user_id, event) VALUES (NEW.user_id, 'registered');
END;

CREATE TRIGGER account_deregistered AFTER DELETE ON accounts WHEN EXISTS (SELECT 1 FROM account_listeners) BEGIN
    INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'deregistered');
END;
