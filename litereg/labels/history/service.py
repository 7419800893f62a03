"""Read the log of labels."""

from __future__ import annotations

from litereg import access
from litereg.errors import InvalidInput
from litereg.gql.context import Context
from litereg.gql.relay import Connection, Direction, Order, PageArguments
from litereg.labels.assignments.inputs import PackageRef
from litereg.labels.connections import NO_PARENT, Listing, Source
from litereg.labels.history import queries
from litereg.labels.models import Edge
from litereg.labels.public_packages import queries as public_packages
from litereg.labels.text import require_storable

NEWEST_FIRST = Order(field=queries.NEWEST, direction=Direction.DESC)


def log(
    ctx: Context,
    arguments: PageArguments,
    label: str | None,
    package: PackageRef | None,
    version: str | None,
) -> Connection[Edge]:
    """Return what was done to labels; of one label, or on one package or version, if one is said.

    Of what is not there, or not public any more, there is no log.
    """
    access.require_label_reader(ctx.viewer, ctx.settings)
    if label is not None and (package is not None or version is not None):
        raise InvalidInput("LOG_OF_WHAT", "name a label or a package, not both")
    if version is not None and package is None:
        raise InvalidInput("LOG_OF_WHAT", "a version needs its package")
    source, parent = queries.EVENTS, NO_PARENT
    if label is not None:
        require_storable(label)
        source, parent = queries.EVENTS_OF_LABEL, queries.find_label_called(ctx.tx, label)
    elif package is not None:
        source, parent = _about(ctx, package, version)
    return Listing(ctx, source, arguments, [parent]).connections()[0]


def _about(ctx: Context, ref: PackageRef, version: str | None) -> tuple[Source, int]:
    """Return where the events of a package, or of one of its versions, are, and below what."""
    require_storable(ref.type, ref.name, version)
    package = public_packages.locate_packages(ctx.tx, [ref.key]).get(ref.key)
    package_id = NO_PARENT if package is None else package.package.row_id
    if version is None:
        return queries.EVENTS_OF_PACKAGE, package_id
    wanted = (package_id, version)
    found = public_packages.locate_versions(ctx.tx, [wanted]).get(wanted)
    return queries.EVENTS_OF_VERSION, NO_PARENT if found is None else found.version.row_id
