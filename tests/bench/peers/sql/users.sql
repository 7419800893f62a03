-- Users by id, with what they show to everybody.
SELECT
    id,
    username,
    nullif(description, '') AS description,
    CASE WHEN website_is_public THEN nullif(website, '') END AS website
FROM user
WHERE id IN (SELECT value FROM json_each(:ids))
