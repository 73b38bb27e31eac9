-- Failed attempts of whoever holds the credential, since its last success, and when the last one was.
ALTER TABLE credentials ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN failed_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX credentials_by_failures ON credentials (failures) WHERE failures > 0;

-- The states of ceremonies have another form; none lives longer than minutes.
DELETE FROM ceremonies;
