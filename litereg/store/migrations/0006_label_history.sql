-- What was done to labels, when and by whom, also of labels that are gone by now.

-- An event is written in the transaction of what it tells. An id is never given twice
-- (AUTOINCREMENT): ids are the order of events, and what is older than so many ids is deleted.
CREATE TABLE label_event(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    happened_at INTEGER NOT NULL,
    user_id INTEGER REFERENCES user(id) ON DELETE SET NULL,
    action TEXT NOT NULL
        CHECK (action IN ('CREATED', 'RENAMED', 'DESCRIBED', 'DELETED', 'ASSIGNED', 'REMOVED')),
    -- No reference can be declared: labels go, and what was done to them stays.
    label_id INTEGER NOT NULL,
    -- The name that the label got, or in the end had.
    name TEXT CHECK ((name IS NULL) = (action IN ('DESCRIBED', 'ASSIGNED', 'REMOVED'))),
    former_name TEXT CHECK ((former_name IS NULL) = (action <> 'RENAMED')),
    -- What got or lost the label; of a version the package too. As in package_label.
    package_id INTEGER CHECK ((package_id IS NULL) = (action NOT IN ('ASSIGNED', 'REMOVED'))),
    version_id INTEGER CHECK (version_id IS NULL OR package_id IS NOT NULL)
) STRICT;

-- The log of one label, and the last event of one that is gone, which has its name.
CREATE INDEX label_event_by_label ON label_event(label_id);

-- Which label had a name last.
CREATE INDEX label_event_by_name ON label_event(name) WHERE name IS NOT NULL;

-- The log of one package, that of its versions included.
CREATE INDEX label_event_by_package ON label_event(package_id) WHERE package_id IS NOT NULL;

-- The log of one version.
CREATE INDEX label_event_by_version ON label_event(version_id) WHERE version_id IS NOT NULL;

-- Which package a version is of, whether everybody may see it or not.
CREATE VIEW version_package AS
SELECT id AS id, package_id AS package_id FROM registered_version
UNION ALL
SELECT id, package_id FROM version;

-- The log begins with what is known by now.
INSERT INTO label_event(happened_at, user_id, action, label_id, name, package_id, version_id)
SELECT happened_at, user_id, action, label_id, name, package_id, version_id
FROM (
    SELECT
        created_at AS happened_at,
        created_by AS user_id,
        'CREATED' AS action,
        id AS label_id,
        name AS name,
        NULL AS package_id,
        NULL AS version_id
    FROM label
    UNION ALL
    SELECT assigned_at, assigned_by, 'ASSIGNED', label_id, NULL, package_id, NULL
    FROM package_label
    UNION ALL
    SELECT a.assigned_at, a.assigned_by, 'ASSIGNED', a.label_id, NULL, v.package_id, a.version_id
    FROM version_label AS a
    JOIN version_package AS v ON v.id = a.version_id
) AS known
ORDER BY happened_at, action = 'ASSIGNED', label_id;
