-- Failed attempts of whoever holds the credential, since its last success, and when the last one was.
ALTER TABLE credentials ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN failed_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX credentials_by_failures ON credentials (failures) WHERE failures > 0;

-- The two forms of the small sigma are one letter in the folded names; where both names exist, they stay.
UPDATE OR IGNORE accounts SET name_key = replace(name_key, 'ς', 'σ') WHERE name_key LIKE '%ς%';

-- The states of ceremonies have another form; none lives longer than minutes.
DELETE FROM ceremonies;
