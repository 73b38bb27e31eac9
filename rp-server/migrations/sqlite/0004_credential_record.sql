-- The credential record of WebAuthn Level 3, section 4, in columns of its own. Rows of before have no public key yet:
-- the server reads their JSON when it opens the database, and 0005 drops that.
ALTER TABLE credentials ADD COLUMN public_key BLOB NOT NULL DEFAULT x''; -- COSE_Key
ALTER TABLE credentials ADD COLUMN algorithm INTEGER NOT NULL DEFAULT 0; -- COSE algorithm identifier
ALTER TABLE credentials ADD COLUMN sign_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN uv_initialized INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN backup_eligible INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN backup_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN transports TEXT NOT NULL DEFAULT ''; -- names with a comma between

-- The states of ceremonies have another form too; none lives longer than minutes.
DELETE FROM ceremonies;
