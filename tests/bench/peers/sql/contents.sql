-- Package files by the id of their content.
SELECT id, body
FROM content
WHERE id IN (SELECT value FROM json_each(:ids))
