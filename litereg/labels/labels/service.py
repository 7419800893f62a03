"""Make, find and change labels.

Who may do that is decided in `litereg.access`; the words of refusals are in
`litereg.labels.errors`. Checks run in the order that the API's clients know.
"""

from __future__ import annotations

from collections.abc import Sequence

from litereg import access
from litereg.gql.context import Context
from litereg.gql.relay import Connection, PageArguments
from litereg.labels import errors
from litereg.labels.connections import Listing
from litereg.labels.errors import LabelExists, LabelInvalid, LabelLimitExceeded
from litereg.labels.history import queries as history
from litereg.labels.labels import queries
from litereg.labels.labels.inputs import CreateLabel, UpdateLabel
from litereg.labels.models import Edge, HasId, Label, PublicPackage, PublicVersion
from litereg.labels.public_packages import queries as public_packages
from litereg.labels.text import is_blank, require_storable

MAX_AT_ONCE = 500
MAX_NAME = 999
MAX_DESCRIPTION = 9_999

Connections = list[Connection[Edge]]


def find(ctx: Context, name: str) -> Label | None:
    """Return a label by name."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    require_storable(name)
    return queries.find_label(ctx.tx, name)


def search(ctx: Context, arguments: PageArguments) -> Connection[Edge]:
    """Return the labels that a filter leaves."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    return Listing(ctx, queries.LABELS, arguments).connections()[0]


def packages_of(ctx: Context, labels: Sequence[Label], arguments: PageArguments) -> Connections:
    """Return for each of *labels* the packages that carry it as a whole."""
    ids = [label.row_id for label in labels]
    return Listing(ctx, public_packages.PACKAGES_OF_LABELS, arguments, ids).connections()


def versions_of(ctx: Context, labels: Sequence[Label], arguments: PageArguments) -> Connections:
    """Return for each of *labels* the single versions that carry it."""
    ids = [label.row_id for label in labels]
    return Listing(ctx, public_packages.VERSIONS_OF_LABELS, arguments, ids).connections()


def labels_of_packages(
    ctx: Context, packages: Sequence[PublicPackage], arguments: PageArguments
) -> Connections:
    """Return for each of *packages* the labels on it as a whole."""
    ids = [package.row_id for package in packages]
    return Listing(ctx, queries.LABELS_OF_PACKAGES, arguments, ids).connections()


def labels_of_versions(
    ctx: Context, versions: Sequence[PublicVersion], arguments: PageArguments
) -> Connections:
    """Return for each of *versions* the labels on itself, not those on its package."""
    ids = [version.row_id for version in versions]
    return Listing(ctx, queries.LABELS_OF_VERSIONS, arguments, ids).connections()


def labels_of_data_packages(
    ctx: Context, packages: Sequence[HasId], arguments: PageArguments
) -> Connections:
    """Return for each of these data packages its labels; none while it is not public."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    ids = [package.id for package in packages]
    return Listing(ctx, queries.LABELS_OF_PACKAGES, arguments, ids).connections()


def labels_of_data_versions(
    ctx: Context, versions: Sequence[HasId], arguments: PageArguments
) -> Connections:
    """Return for each of these versions of data packages its labels."""
    access.require_label_reader(ctx.viewer, ctx.settings)
    ids = [version.id for version in versions]
    return Listing(ctx, queries.LABELS_OF_VERSIONS, arguments, ids).connections()


def create(ctx: Context, new: Sequence[CreateLabel]) -> list[Label]:
    """Make all of these labels, or none."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    if len(new) > MAX_AT_ONCE:
        raise LabelLimitExceeded(errors.TOO_MANY_CREATED)
    for label in new:
        _require_valid(label.name, label.description)
    names = [label.name for label in new]
    if len(set(names)) < len(names) or queries.is_any_taken(ctx.tx, names):
        raise LabelExists(errors.SOME_EXIST)
    queries.insert_labels(ctx.tx, new, ctx.viewer.user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)
    made = queries.labels_by_name(ctx.tx, names)
    return [made[name] for name in names]


def update(ctx: Context, change: UpdateLabel) -> Label:
    """Give a label another name or description; what carries it goes on carrying it."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    require_storable(change.name)
    _require_valid(change.updated_name, change.updated_description)
    label = queries.find_label(ctx.tx, change.name)
    if label is None:
        raise errors.label_missing(change.name)
    name = change.name if change.updated_name is None else change.updated_name
    if name == change.name and change.updated_description is None:
        return label
    if name != change.name and queries.is_any_taken(ctx.tx, [name]):
        raise errors.name_taken(name)
    user_id = ctx.viewer.user_id
    queries.update_label(ctx.tx, label, name, change.updated_description, user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)
    return queries.labels_by_name(ctx.tx, [name])[name]


def delete(ctx: Context, names: Sequence[str]) -> bool:
    """Delete those of these labels that there are; return whether all were there."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    if len(names) > MAX_AT_ONCE:
        raise LabelLimitExceeded(errors.TOO_MANY_DELETED)
    require_storable(*names)
    distinct = list(dict.fromkeys(names))
    deleted = queries.delete_labels(ctx.tx, distinct, ctx.viewer.user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)
    return deleted == len(distinct)


def _require_valid(name: str | None, description: str | None) -> None:
    """Raise LabelInvalid unless a label can have this name and description, where given."""
    require_storable(name, description)
    if name is not None and is_blank(name):
        raise LabelInvalid(errors.NAME_EMPTY)
    if name is not None and len(name) > MAX_NAME:
        raise errors.name_too_long(name)
    if description is not None and len(description) > MAX_DESCRIPTION:
        raise errors.description_too_long(description)
