-- A label that was renamed, and one that is gone.

INSERT INTO label_event(happened_at, user_id, action, label_id, name, former_name)
VALUES (1600000000030, 2, 'RENAMED', 2, 'Old', 'Older');

INSERT INTO label_event(happened_at, user_id, action, label_id, name)
VALUES (1600000000031, 1, 'DELETED', 3, 'Gone');
