-- Labels on public packages and their versions, and what else the labels API keeps.
--
-- Times are Unix milliseconds, UTC. `…_folded` columns hold a text without regard to case, folded by
-- Python for every script, so that both engines find the same. Names are compared exactly, code
-- point by code point, which is what the default collation does.

-- What an administrator allows a user beyond what everybody may do, such as MANAGE_LABELS.
CREATE TABLE user_right(
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;

-- labelManagers: who has one right.
CREATE INDEX user_right_by_name ON user_right(name);

-- What signs the cursors of pages, so that nobody can make one up. One row.
CREATE TABLE cursor_secret(
    secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;

INSERT INTO cursor_secret(secret) VALUES (randomblob(32));

-- An id is never given twice (AUTOINCREMENT): clients and cursors hold on to it.
CREATE TABLE label(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 999),
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL CHECK (length(description) <= 9999),
    description_folded TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
    updated_at INTEGER NOT NULL,
    updated_by INTEGER REFERENCES user(id) ON DELETE SET NULL
) STRICT;

-- Public packages that are known by their name only: npm, maven and so on. Data packages of this
-- registry are public packages too, under their own ids; these ids begin at 2^40, so that one
-- number says which package is meant, whatever kind it is of.
CREATE TABLE registered_package(
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 1099511627776),
    type TEXT NOT NULL CHECK (type NOT IN ('', 'datapm')),
    type_folded TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (type, name)
) STRICT;

INSERT INTO sqlite_sequence(name, seq) VALUES ('registered_package', 1099511627776);

CREATE TABLE registered_version(
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 1099511627776),
    package_id INTEGER NOT NULL REFERENCES registered_package(id) ON DELETE CASCADE,
    version TEXT NOT NULL CHECK (version <> ''),
    version_folded TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (package_id, version)
) STRICT;

INSERT INTO sqlite_sequence(name, seq) VALUES ('registered_version', 1099511627776);

-- A label on a whole package: one of registered_package or of package, so no reference can be
-- declared. Neither is ever deleted; what is not public is left out by the views below.
--
-- is_data says which of the two it is. It follows from the id, and is kept because it lets each
-- half of a view read the assignments of its own kind only.
CREATE TABLE package_label(
    label_id INTEGER NOT NULL REFERENCES label(id) ON DELETE CASCADE,
    is_data INTEGER NOT NULL CHECK (is_data = (package_id <= 1099511627776)),
    package_id INTEGER NOT NULL,
    assigned_at INTEGER NOT NULL,
    assigned_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
    PRIMARY KEY (label_id, is_data, package_id)
) STRICT, WITHOUT ROWID;

-- The labels of a package. UNIQUE is the rule of one label a package; a plain index takes its place
-- on the day that rule falls.
CREATE UNIQUE INDEX package_label_by_package ON package_label(package_id);

-- A label on one version: one of registered_version or of version.
CREATE TABLE version_label(
    label_id INTEGER NOT NULL REFERENCES label(id) ON DELETE CASCADE,
    is_data INTEGER NOT NULL CHECK (is_data = (version_id <= 1099511627776)),
    version_id INTEGER NOT NULL,
    assigned_at INTEGER NOT NULL,
    assigned_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
    PRIMARY KEY (label_id, is_data, version_id)
) STRICT, WITHOUT ROWID;

-- The labels of a version; UNIQUE as above.
CREATE UNIQUE INDEX version_label_by_version ON version_label(version_id);

-- Where the wings meet: a data package that everybody may see is a public package of type datapm.
--
-- The keys find a data package through its own indexes; they are empty elsewhere. The CASTs give
-- both halves the same column types, without which SQLite reads the whole view for each statement
-- that joins it instead of looking rows up.
CREATE VIEW public_package AS
SELECT
    0 AS is_data,
    r.id AS id,
    r.type AS type,
    r.type_folded AS type_folded,
    r.name AS name,
    r.name_folded AS name_folded,
    CAST('' AS TEXT) AS catalog_key,
    CAST('' AS TEXT) AS package_key
FROM registered_package AS r
UNION ALL
SELECT
    1,
    p.id,
    CAST('datapm' AS TEXT),
    CAST('datapm' AS TEXT),
    CAST(c.slug || '/' || p.slug AS TEXT),
    CAST(c.slug_key || '/' || p.slug_key AS TEXT),
    c.slug_key,
    p.slug_key
FROM package AS p
JOIN catalog AS c ON c.id = p.catalog_id
WHERE p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1;

-- The same of versions.
CREATE VIEW public_package_version AS
SELECT
    0 AS is_data,
    v.id AS id,
    v.version AS version,
    v.version_folded AS version_folded,
    r.id AS package_id,
    r.type AS package_type,
    r.name AS package_name
FROM registered_version AS v
JOIN registered_package AS r ON r.id = v.package_id
UNION ALL
SELECT
    1,
    v.id,
    CAST(v.major || '.' || v.minor || '.' || v.patch AS TEXT),
    CAST(v.major || '.' || v.minor || '.' || v.patch AS TEXT),
    p.id,
    CAST('datapm' AS TEXT),
    CAST(c.slug || '/' || p.slug AS TEXT)
FROM version AS v
JOIN package AS p ON p.id = v.package_id
JOIN catalog AS c ON c.id = p.catalog_id
WHERE v.is_active = 1
  AND p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1;
