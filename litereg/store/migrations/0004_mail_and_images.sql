-- Letters that wait to be sent, the links in them, and images.
--
-- Times are Unix milliseconds, UTC.

-- Whether the address was shown to be the user's own. An account made while no mail is sent does
-- not have to show it.
ALTER TABLE user ADD COLUMN is_email_verified INTEGER NOT NULL DEFAULT 1
    CHECK (is_email_verified IN (0, 1));

-- Letters on their way; one that was handed over is gone from here.
CREATE TABLE mail(
    id INTEGER PRIMARY KEY,
    -- Empty: a letter to nobody, which is dropped.
    to_address TEXT NOT NULL,
    to_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- NULL once it was given up: there may be a token in it.
    body TEXT,
    created_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    -- When to try next; NULL once it was given up.
    due_at INTEGER,
    last_error TEXT
) STRICT;

-- What to send next.
CREATE INDEX mail_by_due ON mail(due_at) WHERE due_at IS NOT NULL;

-- The tokens in letters. Only their SHA-256 is stored.
CREATE TABLE email_link(
    token_sha256 BLOB PRIMARY KEY CHECK (length(token_sha256) = 32),
    -- NULL: made for nobody, so that asking for an unknown address costs the same.
    user_id INTEGER REFERENCES user(id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('VERIFY', 'RECOVER')),
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

-- The links that a user was sent lately.
CREATE INDEX email_link_by_user ON email_link(user_id, purpose, created_at);

-- The links to forget by now.
CREATE INDEX email_link_by_age ON email_link(purpose, created_at);

-- What something looks like. Users, catalogs, packages and collections are never deleted, so their
-- ids are enough.
CREATE TABLE image(
    owner TEXT NOT NULL CHECK (owner IN ('USER', 'CATALOG', 'PACKAGE', 'COLLECTION')),
    owner_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('AVATAR', 'COVER')),
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
    content_id INTEGER NOT NULL REFERENCES content(id),
    uploader_id INTEGER NOT NULL REFERENCES user(id),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (owner, owner_id, kind)
) STRICT, WITHOUT ROWID;

-- Which images hold a piece of content, so that what nobody holds can be removed.
CREATE INDEX image_by_content ON image(content_id);
