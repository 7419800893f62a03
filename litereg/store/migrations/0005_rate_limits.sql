-- How much of what must not be tried without end was tried lately: log-ins, sign-ups, new passwords.
--
-- In the database, so that a restart forgives nothing and every process counts alike.
--
-- Times are Unix milliseconds, UTC.

CREATE TABLE rate_bucket(
    -- SHA-256 of what is counted, such as the log-ins from one address.
    key BLOB PRIMARY KEY CHECK (length(key) = 32),
    -- When all that was tried is forgotten; each try moves it on.
    full_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The buckets to forget by now.
CREATE INDEX rate_bucket_by_age ON rate_bucket(full_at);
