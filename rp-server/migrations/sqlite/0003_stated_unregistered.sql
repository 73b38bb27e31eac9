-- SHA-256 of credential IDs that a statement has called unregistered, kept while a ceremony that could still
-- register one of them lives: else that statement could erase a registered credential at its agent.
CREATE TABLE stated_unregistered (
    id_hash  BLOB PRIMARY KEY,
    until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX stated_unregistered_by_end ON stated_unregistered (until_ms);
