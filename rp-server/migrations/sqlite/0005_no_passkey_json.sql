-- Every row has its columns by now (see 0004).
ALTER TABLE credentials DROP COLUMN passkey;
