-- What its attestation was (none, self, certificates), whether its last ceremony verified the user, and by which
-- methods (FIDO registry: method.key protection.matcher protection, a comma between), if it told.
-- Records of before do not know their attestation, and none of them was made or used without user verification.
ALTER TABLE credentials ADD COLUMN attestation TEXT;
ALTER TABLE credentials ADD COLUMN user_verified BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE credentials ADD COLUMN uvm TEXT;

-- Whether the sign-in that opened it verified the user; every one did before.
ALTER TABLE sessions ADD COLUMN user_verified BOOLEAN NOT NULL DEFAULT TRUE;
