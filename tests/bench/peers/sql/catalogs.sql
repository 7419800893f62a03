-- Catalogs by id.
SELECT
    id,
    slug AS "catalogSlug",
    display_name AS "displayName",
    description,
    website,
    is_public AS "isPublic"
FROM catalog
WHERE id IN (SELECT value FROM json_each(:ids))
