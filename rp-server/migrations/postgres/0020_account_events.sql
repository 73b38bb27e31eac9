-- As migrations/sqlite/0020_account_events.sql.
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

CREATE FUNCTION note_account_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM account_listeners) THEN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO account_events (user_id, event) VALUES (NEW.user_id, 'registered');
        ELSE
            INSERT INTO account_events (user_id, event) VALUES (OLD.user_id, 'deregistered');
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER account_event AFTER INSERT OR DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION note_account_event();
