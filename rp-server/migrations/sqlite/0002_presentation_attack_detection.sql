-- Names of the layers that the last ceremony of a credential of ours passed, comma between; NULL for others.
ALTER TABLE credentials ADD COLUMN presentation_attack_detection TEXT;
