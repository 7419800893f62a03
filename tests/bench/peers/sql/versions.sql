-- Versions by id, without their files.
SELECT
    id,
    major AS "versionMajor",
    minor AS "versionMinor",
    patch AS "versionPatch",
    created_at AS "createdAt",
    updated_at AS "updatedAt",
    content_id AS "contentId"
FROM version
WHERE id IN (SELECT value FROM json_each(:ids))
