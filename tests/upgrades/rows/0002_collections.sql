-- A collection with a package in it, and a member of a catalog who may do more in its packages.

INSERT INTO collection(
    id, slug, slug_key, name, name_key, description, is_public, creator_id, created_at, updated_at
) VALUES (
    1, 'Picks', 'picks', 'Ann''s picks', 'ann''s picks', 'The best', 1, 1, 1600000000010,
    1600000000010
);

INSERT INTO collection_grant(user_id, collection_id, permissions) VALUES (1, 1, 7), (2, 1, 1);

INSERT INTO collection_package(collection_id, package_id, added_by_id, added_at)
VALUES (1, 1, 1, 1600000000011);

UPDATE catalog_grant SET package_permissions = 2 WHERE user_id = 2 AND catalog_id = 3;
