-- A catalog by its name, if everybody may see it.
SELECT
    id,
    slug AS "catalogSlug",
    display_name AS "displayName",
    description,
    website,
    is_public AS "isPublic"
FROM catalog
WHERE slug_key = lower(:catalogSlug) AND is_active = 1 AND is_public = 1
