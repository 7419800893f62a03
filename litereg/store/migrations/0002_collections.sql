-- Collections, members of catalogs who may do more with packages than with the catalog, and the
-- little that the newest clients want to know besides.

CREATE TABLE collection(
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) <= 255),
    -- The name without case and accents, for what begins with some letters.
    name_key TEXT NOT NULL,
    description TEXT,
    is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    creator_id INTEGER NOT NULL REFERENCES user(id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- latestCollections, and every list that is newest first.
CREATE INDEX collection_by_creation ON collection(created_at, id);

-- autoComplete.
CREATE INDEX collection_by_name ON collection(name_key);

-- userCollections.
CREATE INDEX collection_by_creator ON collection(creator_id, created_at);

CREATE TABLE collection_grant(
    user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL REFERENCES collection(id) ON DELETE CASCADE,
    permissions INTEGER NOT NULL CHECK (permissions BETWEEN 0 AND 15),
    PRIMARY KEY (user_id, collection_id)
) STRICT, WITHOUT ROWID;

-- The members of one collection.
CREATE INDEX collection_grant_by_collection ON collection_grant(collection_id);

-- What a collection holds; who may see a package of it is a matter of the package.
CREATE TABLE collection_package(
    collection_id INTEGER NOT NULL REFERENCES collection(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES package(id) ON DELETE CASCADE,
    added_by_id INTEGER NOT NULL REFERENCES user(id),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (collection_id, package_id)
) STRICT, WITHOUT ROWID;

-- packageCollections.
CREATE INDEX collection_package_by_package ON collection_package(package_id);

CREATE VIRTUAL TABLE collection_search USING fts5(
    name, text, prefix='1 2 3', tokenize="ascii tokenchars '='"
);

CREATE VIEW collection_access AS
SELECT
    c.id AS collection_id,
    u.id AS viewer_id,
    coalesce(g.permissions, 0) | c.is_public AS permissions
FROM collection AS c
JOIN viewer AS u
LEFT JOIN collection_grant AS g ON g.collection_id = c.id AND g.user_id = u.id
WHERE c.is_active = 1;

-- What a member may do with every package of the catalog, on top of what the permissions on the
-- catalog itself give there.
ALTER TABLE catalog_grant ADD COLUMN package_permissions INTEGER NOT NULL DEFAULT 0
    CHECK (package_permissions BETWEEN 0 AND 15);

DROP VIEW package_access;

-- What is granted on a catalog counts on each of its packages; a package is open to everybody
-- when both it and its catalog are.
CREATE VIEW package_access AS
SELECT
    p.id AS package_id,
    u.id AS viewer_id,
    coalesce(pg.permissions, 0)
        | coalesce(cg.permissions, 0)
        | coalesce(cg.package_permissions, 0)
        | (p.is_public & c.is_public) AS permissions
FROM package AS p
JOIN catalog AS c ON c.id = p.catalog_id
JOIN viewer AS u
LEFT JOIN package_grant AS pg ON pg.package_id = p.id AND pg.user_id = u.id
LEFT JOIN catalog_grant AS cg ON cg.catalog_id = c.id AND cg.user_id = u.id
WHERE p.is_active = 1 AND c.is_active = 1;

-- Made by an administrator for a publisher who has not come yet.
ALTER TABLE catalog ADD COLUMN is_unclaimed INTEGER NOT NULL DEFAULT 0
    CHECK (is_unclaimed IN (0, 1));

-- userCatalogs.
CREATE INDEX catalog_by_creator ON catalog(creator_id, created_at);

-- How often clients said that they fetched a version of it.
ALTER TABLE package ADD COLUMN fetched_count INTEGER NOT NULL DEFAULT 0
    CHECK (fetched_count >= 0);

-- userPackages.
CREATE INDEX package_by_creator ON package(creator_id, created_at);

-- How its sources are updated, as its package file says: CONTINUOUS 1, BATCH_FULL_SET 2,
-- APPEND_ONLY_LOG 4.
ALTER TABLE version ADD COLUMN update_methods INTEGER NOT NULL DEFAULT 0
    CHECK (update_methods BETWEEN 0 AND 7);

-- Kept for clients that ask; litereg's own pages follow the system's setting.
ALTER TABLE user ADD COLUMN ui_dark_mode_enabled INTEGER NOT NULL DEFAULT 0
    CHECK (ui_dark_mode_enabled IN (0, 1));
