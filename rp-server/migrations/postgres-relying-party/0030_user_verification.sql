-- Whether the sign-in that opened it verified the user; every one did before.
ALTER TABLE sessions ADD COLUMN user_verified BOOLEAN NOT NULL DEFAULT TRUE;
