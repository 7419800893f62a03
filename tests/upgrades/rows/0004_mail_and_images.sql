-- A letter that waits, a link that was sent, and a picture of a package.

INSERT INTO mail(id, to_address, to_name, subject, body, created_at, due_at)
VALUES (1, 'bob@example.org', 'bob', 'Hello', 'Dear bob', 1600000000018, 1600000000018);

INSERT INTO email_link(token_sha256, user_id, purpose, created_at)
VALUES (zeroblob(32), 2, 'VERIFY', 1600000000018);

INSERT INTO content(id, sha256, body)
VALUES (
    3, x'089ad5bf4831b6758e9907db43bc5ebba2e9248a9929dad6132c49932e538278',
    x'89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c636000000002000148afa4710000000049454e44ae426082'
);

INSERT INTO image(owner, owner_id, kind, media_type, content_id, uploader_id, updated_at)
VALUES ('PACKAGE', 1, 'COVER', 'image/png', 3, 1, 1600000000019);
