-- Data packages: who may use them, where they live, what they hold.
--
-- Times are Unix milliseconds, UTC. `…_key` columns hold a name as it is compared (lower case);
-- the name itself stays as typed. Sets of permissions are sums of VIEW 1, EDIT 2, MANAGE 4, NONE 8.

-- Package files, readmes and other content, the same bytes once.
CREATE TABLE content(
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    body BLOB NOT NULL
) STRICT;

-- Who may look at something: everybody (0) and each user.
CREATE TABLE viewer(
    id INTEGER PRIMARY KEY
) STRICT;

INSERT INTO viewer(id) VALUES (0);

CREATE TABLE user(
    id INTEGER PRIMARY KEY REFERENCES viewer(id),
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    email_address TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    first_name TEXT,
    last_name TEXT,
    location TEXT,
    twitter_handle TEXT,
    git_hub_handle TEXT,
    website TEXT,
    description TEXT,
    name_is_public INTEGER NOT NULL DEFAULT 0 CHECK (name_is_public IN (0, 1)),
    location_is_public INTEGER NOT NULL DEFAULT 0 CHECK (location_is_public IN (0, 1)),
    twitter_handle_is_public INTEGER NOT NULL DEFAULT 0 CHECK (twitter_handle_is_public IN (0, 1)),
    git_hub_handle_is_public INTEGER NOT NULL DEFAULT 0 CHECK (git_hub_handle_is_public IN (0, 1)),
    email_address_is_public INTEGER NOT NULL DEFAULT 0 CHECK (email_address_is_public IN (0, 1)),
    website_is_public INTEGER NOT NULL DEFAULT 0 CHECK (website_is_public IN (0, 1)),
    is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    -- A disabled account is renamed and gone for good; a suspended one only cannot log in.
    status TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'SUSPENDED', 'DISABLED')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_login_at INTEGER
) STRICT;

CREATE TABLE session(
    token_sha256 BLOB PRIMARY KEY CHECK (length(token_sha256) = 32),
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ends all sessions of one user.
CREATE INDEX session_by_user ON session(user_id);

-- A one-time way in, made from the shell or by e-mail.
CREATE TABLE login_link(
    token_sha256 BLOB PRIMARY KEY CHECK (length(token_sha256) = 32),
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ends all links of one user.
CREATE INDEX login_link_by_user ON login_link(user_id);

CREATE TABLE api_key(
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    label TEXT NOT NULL CHECK (length(label) <= 100),
    secret_sha256 BLOB NOT NULL CHECK (length(secret_sha256) = 32),
    scopes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (user_id, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog(
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL CHECK (length(display_name) <= 64),
    -- The display name without case and accents, for what begins with some letters.
    display_name_key TEXT NOT NULL,
    description TEXT,
    website TEXT NOT NULL DEFAULT '',
    is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    creator_id INTEGER NOT NULL REFERENCES user(id),
    -- The user whose own catalog this is: every user has one, named alike.
    personal_of INTEGER UNIQUE REFERENCES user(id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The newest catalogs first, where nothing is searched for.
CREATE INDEX catalog_by_creation ON catalog(created_at, id);

-- autoComplete.
CREATE INDEX catalog_by_display_name ON catalog(display_name_key);

CREATE TABLE catalog_grant(
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    catalog_id INTEGER NOT NULL REFERENCES catalog(id) ON DELETE CASCADE,
    permissions INTEGER NOT NULL CHECK (permissions BETWEEN 0 AND 15),
    PRIMARY KEY (user_id, catalog_id)
) STRICT, WITHOUT ROWID;

-- The members of one catalog.
CREATE INDEX catalog_grant_by_catalog ON catalog_grant(catalog_id);

CREATE TABLE package(
    id INTEGER PRIMARY KEY,
    catalog_id INTEGER NOT NULL REFERENCES catalog(id),
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL,
    display_name TEXT NOT NULL CHECK (length(display_name) <= 256),
    display_name_key TEXT NOT NULL,
    description TEXT,
    is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    creator_id INTEGER NOT NULL REFERENCES user(id),
    -- The active version with the highest number, kept here so that lists need not look for it.
    latest_version_id INTEGER REFERENCES version(id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (catalog_id, slug_key)
) STRICT;

-- latestPackages, and every list that is newest first.
CREATE INDEX package_by_creation ON package(created_at, id);

-- autoComplete.
CREATE INDEX package_by_display_name ON package(display_name_key);

-- autoComplete and search: packages by the beginning of their name.
CREATE INDEX package_by_slug ON package(slug_key);

CREATE TABLE package_grant(
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES package(id) ON DELETE CASCADE,
    permissions INTEGER NOT NULL CHECK (permissions BETWEEN 0 AND 15),
    PRIMARY KEY (user_id, package_id)
) STRICT, WITHOUT ROWID;

-- The members of one package.
CREATE INDEX package_grant_by_package ON package_grant(package_id);

CREATE TABLE version(
    id INTEGER PRIMARY KEY,
    package_id INTEGER NOT NULL REFERENCES package(id),
    major INTEGER NOT NULL CHECK (major >= 0),
    minor INTEGER NOT NULL CHECK (minor >= 0),
    patch INTEGER NOT NULL CHECK (patch >= 0),
    description TEXT NOT NULL CHECK (length(description) BETWEEN 1 AND 2048),
    -- The format that the package file was found to be in when it was published.
    format TEXT NOT NULL,
    content_id INTEGER NOT NULL REFERENCES content(id),
    author_id INTEGER NOT NULL REFERENCES user(id),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at INTEGER NOT NULL,
    -- The file's own updatedDate.
    updated_at INTEGER NOT NULL,
    UNIQUE (package_id, major, minor, patch)
) STRICT;

-- Which versions hold a piece of content, so that what nobody holds can be removed.
CREATE INDEX version_by_content ON version(content_id);

-- What search finds things by. The words are made by litereg itself, which also folds and stems
-- them; SQLite only splits at spaces. `=` marks stems and the edges of texts.
CREATE VIRTUAL TABLE package_search USING fts5(
    name, text, prefix='1 2 3', tokenize="ascii tokenchars '='"
);

CREATE VIRTUAL TABLE catalog_search USING fts5(
    name, text, prefix='1 2 3', tokenize="ascii tokenchars '='"
);

-- The rules by which those words were made; under other rules they have to be made again.
CREATE TABLE search_edition(
    edition TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The one rule of who may do what. An administrator has no more rights here than anybody else.
CREATE VIEW catalog_access AS
SELECT
    c.id AS catalog_id,
    u.id AS viewer_id,
    coalesce(g.permissions, 0) | c.is_public AS permissions
FROM catalog AS c
JOIN viewer AS u
LEFT JOIN catalog_grant AS g ON g.catalog_id = c.id AND g.user_id = u.id
WHERE c.is_active = 1;

-- What is granted on a catalog counts on each of its packages; a package is open to everybody
-- when both it and its catalog are.
CREATE VIEW package_access AS
SELECT
    p.id AS package_id,
    u.id AS viewer_id,
    coalesce(pg.permissions, 0) | coalesce(cg.permissions, 0) | (p.is_public & c.is_public)
        AS permissions
FROM package AS p
JOIN catalog AS c ON c.id = p.catalog_id
JOIN viewer AS u
LEFT JOIN package_grant AS pg ON pg.package_id = p.id AND pg.user_id = u.id
LEFT JOIN catalog_grant AS cg ON cg.catalog_id = c.id AND cg.user_id = u.id
WHERE p.is_active = 1 AND c.is_active = 1;
