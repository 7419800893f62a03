-- The packages of some catalogs that everybody may see, the newest first.
SELECT
    p.id,
    c.slug AS "catalogSlug",
    p.slug AS "packageSlug",
    p.display_name AS "displayName",
    p.description,
    p.is_public AS "isPublic",
    p.created_at AS "createdAt",
    p.updated_at AS "updatedAt",
    p.catalog_id AS "catalogId",
    p.creator_id AS "creatorId",
    p.latest_version_id AS "latestVersionId"
FROM package AS p
JOIN catalog AS c ON c.id = p.catalog_id
WHERE p.catalog_id IN (SELECT value FROM json_each(:ids))
  AND p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1
ORDER BY p.created_at DESC, p.id DESC
