-- Two labels, on a package of npm, on one of its versions and on a data package.

INSERT INTO user_right(user_id, name, granted_at, granted_by)
VALUES (2, 'MANAGE_LABELS', 1600000000012, 1);

INSERT INTO label(
    id, name, name_folded, description, description_folded, created_at, created_by, updated_at,
    updated_by
) VALUES
    (1, 'Approved', 'approved', 'Read by Ann', 'read by ann', 1600000000013, 1, 1600000000013, 1),
    (2, 'Old', 'old', '', '', 1600000000014, 2, 1600000000014, 2);

INSERT INTO registered_package(id, type, type_folded, name, name_folded, created_at)
VALUES (1099511627777, 'npm', 'npm', 'left-pad', 'left-pad', 1600000000015);

INSERT INTO registered_version(id, package_id, version, version_folded, created_at)
VALUES (1099511627777, 1099511627777, '1.3.0', '1.3.0', 1600000000015);

INSERT INTO package_label(label_id, is_data, package_id, assigned_at, assigned_by)
VALUES (1, 1, 1, 1600000000016, 1);

INSERT INTO version_label(label_id, is_data, version_id, assigned_at, assigned_by)
VALUES (2, 0, 1099511627777, 1600000000017, 2);
