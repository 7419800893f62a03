-- Two users, their catalogs, two packages and two versions of one of them.
-- Ann's session, and her key, are named in old_registries.py; both passwords are that of all tests.

INSERT INTO viewer(id) VALUES (1), (2);

INSERT INTO user(
    id, username, username_key, email_address, email_key, password_hash, first_name, is_admin,
    status, created_at, updated_at
) VALUES
    (
        1, 'Ann', 'ann', 'Ann@example.org', 'ann@example.org',
        '$2b$04$3GqNEnBNwpTUUnyBi9662Oas4uW1RtclnrbT1MOJhoUCov19pcHky',
        'Ann', 1, 'ACTIVE', 1600000000000, 1600000000001
    ),
    (
        2, 'bob', 'bob', 'bob@example.org', 'bob@example.org',
        '$2b$04$3GqNEnBNwpTUUnyBi9662Oas4uW1RtclnrbT1MOJhoUCov19pcHky',
        NULL, 0, 'ACTIVE', 1600000000002, 1600000000002
    );

-- It ends in the year 2286.
INSERT INTO session(token_sha256, user_id, created_at, last_used_at, expires_at)
VALUES (
    x'ea866a757e4c38babfa8127cbe9a409d3e1f93a00ff1488ff735fcf917afffd0',
    1, 1600000000000, 1600000000000, 9999999999999
);

INSERT INTO api_key(id, user_id, label, secret_sha256, scopes, created_at)
VALUES (
    'k-1', 1, 'laptop',
    x'8bda7f3c0fe9e5a26b03ff0d366ec2c99a6d12a589e373ec3ece53a62f014b35',
    7, 1600000000003
);

INSERT INTO catalog(
    id, slug, slug_key, display_name, display_name_key, description, is_public, creator_id,
    personal_of, created_at, updated_at
) VALUES
    (1, 'Ann', 'ann', 'Ann', 'ann', NULL, 0, 1, 1, 1600000000004, 1600000000004),
    (2, 'bob', 'bob', 'bob', 'bob', NULL, 0, 2, 2, 1600000000005, 1600000000005),
    (
        3, 'Weather', 'weather', 'All weather', 'all weather', 'What fell', 1, 1, NULL,
        1600000000006, 1600000000006
    );

INSERT INTO catalog_grant(user_id, catalog_id, permissions)
VALUES (1, 1, 7), (2, 2, 7), (1, 3, 7), (2, 3, 1);

INSERT INTO content(id, sha256, body) VALUES
    (
        1, x'a4a2adea7332016945e0a189366547b21399195df9c60aa36e7e6e1e66696523',
        CAST('{"packageSlug": "rain", "displayName": "Rain", "version": "1.0.0", "description": "Rain by city.", "updatedDate": "2020-10-01T13:54:29.442Z", "generatedBy": "a test", "schemas": [{"title": "rain.csv", "type": "object", "properties": {"city": {"title": "city", "type": "string"}, "mm": {"title": "mm", "type": "string"}}, "source": {"protocol": "HTTP", "configuration": {"url": "https://example.org"}}}]}' AS BLOB)
    ),
    (
        2, x'7845a75f7bb351c2649b4d3ac300135886e5490eaa210cf1207a6b9eb58089ff',
        CAST('{"packageSlug": "rain", "displayName": "Rain", "version": "1.1.0", "description": "Rain by city.", "updatedDate": "2020-10-01T13:54:29.442Z", "generatedBy": "a test", "schemas": [{"title": "rain.csv", "type": "object", "properties": {"city": {"title": "city", "type": "string"}, "mm": {"title": "mm", "type": "string"}, "day": {"title": "day", "type": "string"}}, "source": {"protocol": "HTTP", "configuration": {"url": "https://example.org"}}}]}' AS BLOB)
    );

INSERT INTO package(
    id, catalog_id, slug, slug_key, display_name, display_name_key, description, is_public,
    creator_id, created_at, updated_at
) VALUES
    (1, 3, 'rain', 'rain', 'Rain', 'rain', 'By city', 1, 1, 1600000000007, 1600000000009),
    (2, 1, 'Diary', 'diary', 'Diary', 'diary', NULL, 0, 1, 1600000000008, 1600000000008);

INSERT INTO package_grant(user_id, package_id, permissions)
VALUES (1, 1, 7), (1, 2, 7), (2, 2, 1);

INSERT INTO version(
    id, package_id, major, minor, patch, description, format, content_id, author_id, created_at,
    updated_at
) VALUES
    (1, 1, 1, 0, 0, 'Rain by city.', '0.1.0', 1, 1, 1600000000008, 1601560469442),
    (2, 1, 1, 1, 0, 'Rain by city.', '0.1.0', 2, 1, 1600000000009, 1601560469442);

UPDATE package SET latest_version_id = 2 WHERE id = 1;
