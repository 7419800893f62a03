"""Statements of the history room: its list, and what the other rooms write into it.

Whoever changes labels or assignments writes the events too, in the same transaction; see the
`queries` of those rooms.
"""

from __future__ import annotations

from collections.abc import Sequence

from litereg.labels.connections import Source
from litereg.labels.models import EventRow
from litereg.store import Command, Query, Transaction

NEWEST = "NEWEST"

# The name of a label that is gone is in its last event. Events whose package or version is not
# public any more are not seen. The views are asked row by row: joined to what may be missing, each
# would be built as a whole first.
EVENTS = Source(
    entity="event",
    shape=EventRow,
    columns="""n.happened_at AS node_happened_at,
    doer.username AS node_done_by,
    n.action AS node_action,
    n.label_id AS node_label_row_id,
    coalesce(
        l.name,
        (SELECT e.name FROM label_event AS e WHERE e.label_id = n.label_id
         ORDER BY e.id DESC LIMIT 1)
    ) AS node_label_name,
    n.name AS node_name,
    n.former_name AS node_former_name,
    n.package_id AS node_public_package_row_id,
    (SELECT p.type FROM public_package AS p WHERE p.id = n.package_id)
        AS node_public_package_type,
    (SELECT p.name FROM public_package AS p WHERE p.id = n.package_id)
        AS node_public_package_name,
    (SELECT v.version FROM public_package_version AS v WHERE v.id = n.version_id)
        AS node_version,
    NULL AS assigned_at,
    NULL AS assigned_by""",
    tables="""label_event AS n
    LEFT JOIN label AS l ON l.id = n.label_id
    LEFT JOIN user AS doer ON doer.id = n.user_id""",
    id="n.id",
    orders={NEWEST: None},
    condition="""(n.package_id IS NULL
        OR EXISTS (SELECT 1 FROM public_package AS p WHERE p.id = n.package_id))
    AND (n.version_id IS NULL
        OR EXISTS (SELECT 1 FROM public_package_version AS v WHERE v.id = n.version_id))""",
    scans="a search without pages reads all events",
)
EVENTS_OF_LABEL = EVENTS.below("n.label_id")
EVENTS_OF_PACKAGE = EVENTS.below("n.package_id")
EVENTS_OF_VERSION = EVENTS.below("n.version_id")

# The label that has a name, else the one that had it last.
LABEL_CALLED = Query(
    int,
    """
    SELECT coalesce(
        (SELECT l.id FROM label AS l WHERE l.name = :name),
        (SELECT e.label_id FROM label_event AS e WHERE e.name = :name ORDER BY e.id DESC LIMIT 1),
        0
    )
    """,
)

PRUNE = Command(
    "DELETE FROM label_event WHERE id <= (SELECT max(id) FROM label_event) - :kept_events"
)

CREATED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, name)
    SELECT :now, :user_id, 'CREATED', l.id, l.name
    FROM label AS l
    WHERE l.name IN ({list:names})
    ORDER BY l.id
    """
)

CHANGED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, name, former_name)
    VALUES (
        :now,
        :user_id,
        CASE WHEN :name IS NULL THEN 'DESCRIBED' ELSE 'RENAMED' END,
        :label_id,
        :name,
        :former_name
    )
    """
)

PACKAGES_LEFT = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id)
    SELECT :now, :user_id, 'REMOVED', a.label_id, a.package_id
    FROM label AS l
    JOIN package_label AS a ON a.label_id = l.id
    WHERE l.name IN ({list:names})
    """
)

VERSIONS_LEFT = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id, version_id)
    SELECT
        :now,
        :user_id,
        'REMOVED',
        a.label_id,
        (SELECT v.package_id FROM version_package AS v WHERE v.id = a.version_id),
        a.version_id
    FROM label AS l
    JOIN version_label AS a ON a.label_id = l.id
    WHERE l.name IN ({list:names})
    """
)

DELETED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, name)
    SELECT :now, :user_id, 'DELETED', l.id, l.name
    FROM label AS l
    WHERE l.name IN ({list:names})
    ORDER BY l.id
    """
)

PACKAGE_ASSIGNED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id)
    VALUES (:now, :user_id, 'ASSIGNED', :label_id, :package_id)
    """
)

VERSIONS_ASSIGNED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id, version_id)
    SELECT
        :now,
        :user_id,
        'ASSIGNED',
        :label_id,
        (SELECT v.package_id FROM version_package AS v WHERE v.id = w.value),
        w.value
    FROM ({list:version_ids}) AS w
    """
)

PACKAGE_REMOVED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id)
    SELECT :now, :user_id, 'REMOVED', a.label_id, a.package_id
    FROM package_label AS a
    WHERE a.package_id = :package_id AND a.label_id IN ({list:label_ids})
    """
)

VERSIONS_REMOVED = Command(
    """
    INSERT INTO label_event(happened_at, user_id, action, label_id, package_id, version_id)
    SELECT
        :now,
        :user_id,
        'REMOVED',
        a.label_id,
        (SELECT v.package_id FROM version_package AS v WHERE v.id = a.version_id),
        a.version_id
    FROM version_label AS a
    WHERE a.version_id IN ({list:version_ids}) AND a.label_id IN ({list:label_ids})
    """
)


def find_label_called(tx: Transaction, name: str) -> int:
    """Return the id of the label that has a name, or had it last; 0 when none ever had it."""
    return tx.one(LABEL_CALLED, name=name)


def prune(tx: Transaction, kept_events: int) -> None:
    """Delete all but the last *kept_events* events."""
    tx.run(PRUNE, kept_events=kept_events)


def note_created(tx: Transaction, names: Sequence[str], user_id: int, now: int) -> None:
    """Write down that the labels of these names were made."""
    tx.run(CREATED, names=list(names), user_id=user_id, now=now)


def note_changed(
    tx: Transaction, label_id: int, name: str, former_name: str, user_id: int, now: int
) -> None:
    """Write down that a label was renamed, or only described when both names are the same."""
    names = (None, None) if name == former_name else (name, former_name)
    values = {"label_id": label_id, "user_id": user_id, "now": now}
    tx.run(CHANGED, name=names[0], former_name=names[1], **values)


def note_deleted(tx: Transaction, names: Sequence[str], user_id: int, now: int) -> None:
    """Write down that labels are about to be deleted, and with them their assignments."""
    for command in (VERSIONS_LEFT, PACKAGES_LEFT, DELETED):
        tx.run(command, names=list(names), user_id=user_id, now=now)


def note_package_assigned(
    tx: Transaction, label_id: int, package_id: int, user_id: int, now: int
) -> None:
    """Write down that a label was put on a package."""
    tx.run(PACKAGE_ASSIGNED, label_id=label_id, package_id=package_id, user_id=user_id, now=now)


def note_versions_assigned(
    tx: Transaction, label_id: int, version_ids: Sequence[int], user_id: int, now: int
) -> None:
    """Write down that a label was put on versions."""
    ids = list(version_ids)
    tx.run(VERSIONS_ASSIGNED, label_id=label_id, version_ids=ids, user_id=user_id, now=now)


def note_package_removed(
    tx: Transaction, label_ids: Sequence[int], package_id: int, user_id: int, now: int
) -> None:
    """Write down that those of these labels that are on a package are about to be taken off."""
    ids = list(label_ids)
    tx.run(PACKAGE_REMOVED, label_ids=ids, package_id=package_id, user_id=user_id, now=now)


def note_versions_removed(
    tx: Transaction, label_ids: Sequence[int], version_ids: Sequence[int], user_id: int, now: int
) -> None:
    """Write down that those of these labels that are on versions are about to be taken off."""
    ids = {"label_ids": list(label_ids), "version_ids": list(version_ids)}
    tx.run(VERSIONS_REMOVED, user_id=user_id, now=now, **ids)
