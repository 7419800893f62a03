-- A package by its name, if everybody may see it.
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
WHERE c.slug_key = lower(:catalogSlug) AND p.slug_key = :packageSlug
  AND p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1
