-- A page of the packages that match, the best first, and how many there are in all.
WITH hit AS MATERIALIZED (
    SELECT s.rowid AS id, bm25(package_search, 8.0, 1.0) AS score
    FROM package_search AS s
    WHERE package_search MATCH :match
)
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
    p.latest_version_id AS "latestVersionId",
    count(*) OVER () AS total
FROM hit
JOIN package AS p ON p.id = hit.id
JOIN catalog AS c ON c.id = p.catalog_id
WHERE p.is_active = 1 AND c.is_active = 1 AND p.is_public = 1 AND c.is_public = 1
ORDER BY hit.score, p.created_at DESC, p.id DESC
LIMIT :limit OFFSET :offset
