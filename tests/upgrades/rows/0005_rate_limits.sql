-- Somebody has tried something.

INSERT INTO rate_bucket(key, full_at) VALUES (zeroblob(32), 1600000000020);
