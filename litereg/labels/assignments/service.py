"""Put labels on public packages and versions, and take them off.

A package and each of its versions may carry one label. A version takes none while its package
carries one; a package does, whatever its versions carry. Checks run in the order that the API's
clients know: what is wrong with the request itself, then labels, packages, conflicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from litereg import access
from litereg.gql.context import Context
from litereg.labels import errors
from litereg.labels.assignments import queries
from litereg.labels.assignments.inputs import PackageRef, VersionRef
from litereg.labels.errors import LabelConflict, LabelInvalid, LabelLimitExceeded
from litereg.labels.history import queries as history
from litereg.labels.labels import queries as labels
from litereg.labels.models import Label
from litereg.labels.public_packages import queries as public_packages
from litereg.labels.public_packages.queries import DATA_PACKAGE, LocatedPackage, LocatedVersion
from litereg.labels.text import require_storable

MAX_AT_ONCE = 500
# About a millisecond's work.
MAX_IN_PLACE = 100


class Target(NamedTuple):
    """A version to be labelled, and what the catalog has of it."""

    ref: VersionRef
    package: LocatedPackage | None
    version: LocatedVersion | None


def assign_to_package(ctx: Context, ref: PackageRef, names: Sequence[str]) -> None:
    """Put one label on a package; an unknown one is registered."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    name = _require_single(names)
    _require_named(ref)
    label = _require_label(ctx, name)
    found = public_packages.locate_packages(ctx.tx, [ref.key]).get(ref.key)
    if found is None:
        _require_registrable(ctx, ref)
        public_packages.register_packages(ctx.tx, [ref.key], ctx.now)
        found = public_packages.locate_packages(ctx.tx, [ref.key])[ref.key]
    if _is_done(ctx, found, label):
        return
    if found.label_id is not None:
        raise LabelConflict(errors.PACKAGE_HAS_LABEL)
    package_id = found.package.row_id
    queries.label_package(ctx.tx, label.row_id, package_id, ctx.viewer.user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)


def assign_to_version(ctx: Context, ref: VersionRef, names: Sequence[str]) -> None:
    """Put one label on a version; an unknown one is registered, with its package."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    _assign(ctx, [ref], _require_single(names))


def assign_to_versions(ctx: Context, refs: Sequence[VersionRef], name: str) -> None:
    """Put a label on all of these versions, or on none."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    if len(refs) > MAX_AT_ONCE:
        raise LabelLimitExceeded(errors.TOO_MANY_VERSIONS)
    if len(refs) > MAX_IN_PLACE:
        ctx.leave_loop()
    _assign(ctx, list(dict.fromkeys(refs)), name)


def remove_from_package(ctx: Context, ref: PackageRef, names: Sequence[str]) -> None:
    """Take those of these labels off a package that are on it."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    _require_few(names)
    require_storable(ref.type, ref.name, *names)
    found = public_packages.locate_packages(ctx.tx, [ref.key]).get(ref.key)
    if found is not None:
        package_id, user_id = found.package.row_id, ctx.viewer.user_id
        queries.unlabel_package(ctx.tx, _label_ids(ctx, names), package_id, user_id, ctx.now)
        history.prune(ctx.tx, ctx.settings.labels_log_max)


def remove_from_version(ctx: Context, ref: VersionRef, names: Sequence[str]) -> None:
    """Take those of these labels off a version that are on it."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    _require_few(names)
    _remove(ctx, [ref], names)


def remove_from_versions(ctx: Context, refs: Sequence[VersionRef], name: str) -> None:
    """Take a label off those of these versions that carry it."""
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    _require_few(refs)
    if len(refs) > MAX_IN_PLACE:
        ctx.leave_loop()
    _remove(ctx, refs, [name])


def _assign(ctx: Context, refs: Sequence[VersionRef], name: str) -> None:
    require_storable(name)
    for ref in refs:
        _require_named(ref.public_package)
        require_storable(ref.version)
        if not ref.version:
            raise errors.empty("version")
    label = _require_label(ctx, name)
    targets = _locate(ctx, refs)
    for target in targets:
        if target.version is None:
            _require_version_registrable(ctx, target)
    waiting = [target for target in targets if not _is_done(ctx, target.version, label)]
    if any(target.version and target.version.label_id is not None for target in waiting):
        raise LabelConflict(errors.VERSION_HAS_LABEL)
    if any(target.package and target.package.label_id is not None for target in waiting):
        raise LabelConflict(errors.PACKAGE_HAS_LABEL)
    version_ids = _registered(ctx, waiting)
    queries.label_versions(ctx.tx, label.row_id, version_ids, ctx.viewer.user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)


def _remove(ctx: Context, refs: Sequence[VersionRef], names: Sequence[str]) -> None:
    require_storable(*names)
    for ref in refs:
        require_storable(ref.public_package.type, ref.public_package.name, ref.version)
    found = [target.version for target in _locate(ctx, refs) if target.version is not None]
    version_ids = [located.version.row_id for located in found]
    label_ids, user_id = _label_ids(ctx, names), ctx.viewer.user_id
    queries.unlabel_versions(ctx.tx, label_ids, version_ids, user_id, ctx.now)
    history.prune(ctx.tx, ctx.settings.labels_log_max)


def _locate(ctx: Context, refs: Sequence[VersionRef]) -> list[Target]:
    """Return what the catalog has of each of *refs*, in two statements."""
    keys = list(dict.fromkeys(ref.public_package.key for ref in refs))
    packages = public_packages.locate_packages(ctx.tx, keys)
    known = [(packages.get(ref.public_package.key), ref) for ref in refs]
    wanted = [(found.package.row_id, ref.version) for found, ref in known if found is not None]
    versions = public_packages.locate_versions(ctx.tx, wanted)
    return [
        Target(
            ref,
            found,
            None if found is None else versions.get((found.package.row_id, ref.version)),
        )
        for found, ref in known
    ]


def _registered(ctx: Context, targets: Sequence[Target]) -> list[int]:
    """Return the ids of *targets*' versions, once those that are missing are registered."""
    ids = [target.version.version.row_id for target in targets if target.version is not None]
    missing = [target for target in targets if target.version is None]
    if missing:
        unknown = {t.ref.public_package.key: None for t in missing if t.package is None}
        public_packages.register_packages(ctx.tx, list(unknown), ctx.now)
        found = public_packages.locate_packages(ctx.tx, list(unknown))
        wanted = [
            ((t.package or found[t.ref.public_package.key]).package.row_id, t.ref.version)
            for t in missing
        ]
        public_packages.register_versions(ctx.tx, wanted, ctx.now)
        located = public_packages.locate_versions(ctx.tx, wanted)
        ids += [version.version.row_id for version in located.values()]
    return ids


def _is_done(ctx: Context, found: LocatedPackage | LocatedVersion | None, label: Label) -> bool:
    """Return whether *label* is there already, and the server is set to take that for success."""
    return (
        found is not None
        and found.label_id == label.row_id
        and ctx.settings.labels_reassign_is_fine
    )


def _require_single(names: Sequence[str]) -> str:
    if not names:
        raise LabelInvalid(errors.NOTHING_TO_ASSIGN)
    if len(names) > 1:
        raise LabelLimitExceeded(errors.TOO_MANY_ASSIGNED)
    return names[0]


def _require_few(entries: Sequence[object]) -> None:
    if len(entries) > MAX_AT_ONCE:
        raise LabelLimitExceeded(errors.TOO_MANY_REMOVED)


def _require_named(ref: PackageRef) -> None:
    """Raise unless *ref* could name a package."""
    require_storable(ref.type, ref.name)
    if not ref.name:
        raise errors.empty("name")
    if not ref.type:
        raise errors.empty("type")


def _require_label(ctx: Context, name: str) -> Label:
    require_storable(name)
    label = labels.find_label(ctx.tx, name)
    if label is None:
        raise errors.labels_missing([name])
    return label


def _require_registrable(ctx: Context, ref: PackageRef) -> None:
    """Raise unless labelling *ref*, which the catalog does not have, may register it.

    Data packages come from this registry alone, in an open catalog too. One that is private and one
    that is not there read alike.
    """
    if ctx.settings.labels_strict or ref.type == DATA_PACKAGE:
        raise errors.package_missing(ref.type, ref.name)


def _require_version_registrable(ctx: Context, target: Target) -> None:
    ref = target.ref.public_package
    if target.package is None:
        _require_registrable(ctx, ref)
    elif ctx.settings.labels_strict or ref.type == DATA_PACKAGE:
        raise errors.version_missing(ref.type, ref.name, target.ref.version)


def _label_ids(ctx: Context, names: Sequence[str]) -> list[int]:
    return [label.row_id for label in labels.labels_by_name(ctx.tx, names).values()]
