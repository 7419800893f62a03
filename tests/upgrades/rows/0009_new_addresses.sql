-- A link to an address that somebody wants to have.

INSERT INTO email_link(token_sha256, user_id, purpose, created_at, email_address)
VALUES (x'0900000000000000000000000000000000000000000000000000000000000000', 2, 'VERIFY', 1600000000025, 'bob@example.net');
