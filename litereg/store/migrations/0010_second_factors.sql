-- One-time codes from an app, asked for beside the password, and codes for whoever has lost the app.
--
-- Times are Unix milliseconds, UTC.

CREATE TABLE second_factor(
    user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,
    -- What the codes are made of. As it is: no code can be made of a digest.
    secret BLOB NOT NULL CHECK (length(secret) = 20),
    confirmed_at INTEGER NOT NULL,
    -- The half minute, counted from 1970, of the last code that was taken: each code counts once.
    last_step INTEGER NOT NULL
) STRICT;

-- A secret that no code was shown for yet.
CREATE TABLE pending_second_factor(
    user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,
    secret BLOB NOT NULL CHECK (length(secret) = 20),
    begun_at INTEGER NOT NULL
) STRICT;

-- A code that stands for a one-time code; it is deleted as it is used.
CREATE TABLE recovery_code(
    code_sha256 BLOB PRIMARY KEY CHECK (length(code_sha256) = 32),
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The codes that one user has left.
CREATE INDEX recovery_code_by_user ON recovery_code(user_id);

-- Whether the session was begun by a link from the shell: that needs no second factor.
ALTER TABLE session ADD COLUMN by_link INTEGER NOT NULL DEFAULT 0 CHECK (by_link IN (0, 1));
