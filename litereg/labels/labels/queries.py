"""Statements of the labels room."""

from __future__ import annotations

from collections.abc import Sequence

from litereg.labels.connections import Source
from litereg.labels.history import queries as history
from litereg.labels.labels.inputs import CreateLabel
from litereg.labels.models import Label, LabelRow
from litereg.labels.text import fold
from litereg.store import Command, Query, Transaction

# All of a label but its id.
COLUMNS = """n.name AS {0}name,
    n.description AS {0}description,
    n.created_at AS {0}created_at,
    creator.username AS {0}created_by,
    n.updated_at AS {0}updated_at,
    updater.username AS {0}updated_by"""

# Who made and changed the label n.
PEOPLE = """LEFT JOIN user AS creator ON creator.id = n.created_by
LEFT JOIN user AS updater ON updater.id = n.updated_by"""

NODE = COLUMNS.format("node_")
ASSIGNED = f"{NODE}, a.assigned_at AS assigned_at, assigner.username AS assigned_by"
ASSIGNER = f"{PEOPLE} LEFT JOIN user AS assigner ON assigner.id = a.assigned_by"
ORDERS = {"NAME": "name"}

LABELS = Source(
    entity="label",
    shape=LabelRow,
    columns=f"{NODE}, NULL AS assigned_at, NULL AS assigned_by",
    tables=f"label AS n {PEOPLE}",
    id="n.id",
    orders=ORDERS,
    scans="a search without pages reads all labels, and a filter looks at each",
)

# The view is joined so that the labels of what is not public any more are not seen.
LABELS_OF_PACKAGES = Source(
    entity="label",
    shape=LabelRow,
    columns=ASSIGNED,
    tables=f"""package_label AS a
    JOIN public_package AS p ON p.id = a.package_id
    JOIN label AS n ON n.id = a.label_id {ASSIGNER}""",
    parent="a.package_id",
    id="n.id",
    orders=ORDERS,
)

LABELS_OF_VERSIONS = Source(
    entity="label",
    shape=LabelRow,
    columns=ASSIGNED,
    tables=f"""version_label AS a
    JOIN public_package_version AS v ON v.id = a.version_id
    JOIN label AS n ON n.id = a.label_id {ASSIGNER}""",
    parent="a.version_id",
    id="n.id",
    orders=ORDERS,
)

BY_NAMES = Query(
    Label,
    f"""
    SELECT n.id AS row_id, {COLUMNS.format("")}
    FROM label AS n
    {PEOPLE}
    WHERE n.name IN ({{list:names}})
    """,
)

ANY_OF_NAMES = Query(int, "SELECT 1 FROM label WHERE name IN ({list:names}) LIMIT 1")

INSERT = Command(
    """
    INSERT INTO label(
        name, name_folded, description, description_folded, created_at, created_by, updated_at,
        updated_by
    )
    VALUES (
        :name, :name_folded, :description, :description_folded, :now, :user_id, :now, :user_id
    )
    """
)

UPDATE = Command(
    """
    UPDATE label
    SET name = :name,
        name_folded = :name_folded,
        description = coalesce(:description, description),
        description_folded = coalesce(:description_folded, description_folded),
        updated_at = :now,
        updated_by = :user_id
    WHERE id = :id
    """
)

DELETE = Command("DELETE FROM label WHERE name IN ({list:names})")


def find_label(tx: Transaction, name: str) -> Label | None:
    """Return a label by name."""
    return tx.first(BY_NAMES, names=[name])


def labels_by_name(tx: Transaction, names: Sequence[str]) -> dict[str, Label]:
    """Return those of several labels that there are, by name."""
    return {label.name: label for label in tx.all(BY_NAMES, names=list(names))}


def is_any_taken(tx: Transaction, names: Sequence[str]) -> bool:
    """Return whether a label has one of these names."""
    return tx.first(ANY_OF_NAMES, names=list(names)) is not None


def insert_labels(tx: Transaction, labels: Sequence[CreateLabel], user_id: int, now: int) -> None:
    """Store labels, in their order."""
    tx.run_many(
        INSERT,
        [
            {
                "name": label.name,
                "name_folded": fold(label.name),
                "description": label.description or "",
                "description_folded": fold(label.description or ""),
                "user_id": user_id,
                "now": now,
            }
            for label in labels
        ],
    )
    history.note_created(tx, [label.name for label in labels], user_id, now)


def update_label(
    tx: Transaction,
    label: Label,
    name: str,
    description: str | None,
    user_id: int,
    now: int,
) -> None:
    """Give a label a name, that it may have already, and a description; None stays."""
    tx.run(
        UPDATE,
        id=label.row_id,
        name=name,
        name_folded=fold(name),
        description=description,
        description_folded=None if description is None else fold(description),
        user_id=user_id,
        now=now,
    )
    history.note_changed(tx, label.row_id, name, label.name, user_id, now)


def delete_labels(tx: Transaction, names: Sequence[str], user_id: int, now: int) -> int:
    """Delete the labels of these names, with their assignments; return how many there were."""
    history.note_deleted(tx, names, user_id, now)
    return tx.run(DELETE, names=list(names))
