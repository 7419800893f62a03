"""Publish, read and disable versions of a package.

What a package file may be and how two of them compare is in `litereg.registry.package_file` (pure,
no database). Who may publish is decided in `litereg.access`.
"""

from __future__ import annotations

from litereg.access import Permission, Viewer
from litereg.errors import Conflict, InvalidInput, NotFound
from litereg.gql.context import Context
from litereg.registry import package_file, scanning
from litereg.registry.models import Package, User, Version
from litereg.registry.package_file import Compatibility, PackageFile, Semver
from litereg.registry.packages import queries as packages
from litereg.registry.packages.inputs import PackageRef
from litereg.registry.pages import bounds
from litereg.registry.search import index as search
from litereg.registry.users import queries as users
from litereg.registry.versions import diffs, queries
from litereg.registry.versions.diffs import Diff
from litereg.registry.versions.inputs import Submission, VersionRef
from litereg.store import Transaction, content

# Reading package files takes its time.
MAX_DIFFS = 20


class VersionConflict(Conflict):
    """The number of a new version does not fit; clients look for the reason in the code."""

    @property
    def code(self) -> str:  # type: ignore[override]
        """The reason itself."""
        return self.reason

    @property
    def message(self) -> str:
        """A sentence for people."""
        return self.detail or self.reason


class VersionExists(VersionConflict):
    """The file is the same as the latest version's."""

    def __init__(self, package: str, existing: Semver) -> None:
        super().__init__(
            "VERSION_EXISTS",
            f"{package}/{existing} already exists, and the submission is identical to it",
            existingVersion=str(existing),
        )


class HigherVersionRequired(VersionConflict):
    """The file differs from the latest version's by more than its number admits."""

    def __init__(
        self, package: str, existing: Semver, word: str, minimum: Semver, submitted: Semver
    ) -> None:
        super().__init__(
            "HIGHER_VERSION_REQUIRED",
            f"{package} has current version {existing}, and this new version has {word} changes "
            f"- requiring a minimum version number of {minimum}, but you submitted version number "
            f"{submitted}",
            existingVersion=str(existing),
            minNextVersion=str(minimum),
        )


def packages_of(tx: Transaction, viewer: Viewer, versions: list[Version]) -> list[Package]:
    """Return the package of each version."""
    ids = list({version.package_id for version in versions})
    found = packages.packages_by_id(tx, viewer.user_id, ids)
    return [found[version.package_id] for version in versions]


def authors_of(tx: Transaction, versions: list[Version]) -> list[User]:
    """Return who published each version."""
    found = users.users_by_id(tx, list({version.author_id for version in versions}))
    return [found[version.author_id] for version in versions]


def package_files_of(tx: Transaction, versions: list[Version]) -> list[str]:
    """Return the text of each version's package file, as it was published."""
    found = queries.texts_by_content(tx, list({version.content_id for version in versions}))
    return [found[version.content_id] for version in versions]


def canonical_files_of(
    tx: Transaction, viewer: Viewer, versions: list[Version]
) -> list[str | None]:
    """Return the text of each version's package file; None where the viewer may not publish."""
    packages_ = packages_of(tx, viewer, versions)
    editable = [
        version
        for version, package in zip(versions, packages_, strict=True)
        if package.permissions & Permission.EDIT.satisfied_by
    ]
    texts = package_files_of(tx, editable)
    by_id = {version.id: text for version, text in zip(editable, texts, strict=True)}
    return [by_id.get(version.id) for version in versions]


def diff(ctx: Context, new: VersionRef, old: VersionRef) -> Diff:
    """Return what changed from the version *old* to the version *new*."""
    pair = [get(ctx.tx, ctx.viewer, new), get(ctx.tx, ctx.viewer, old)]
    return diffs.in_a_row(ctx, pair)[0]


def list_diffs(ctx: Context, ref: PackageRef, offset: int, limit: int) -> list[Diff]:
    """Return what each version of a package changed, the highest first."""
    package = packages.require_package(ctx.tx, ctx.viewer, ref, Permission.VIEW)
    offset, limit = bounds(offset, limit)
    versions = queries.list_versions(ctx.tx, [package.id])
    return diffs.in_a_row(ctx, versions[offset : offset + min(limit, MAX_DIFFS) + 1])


def get(tx: Transaction, viewer: Viewer, ref: VersionRef) -> Version:
    """Return an active version of a package the viewer may open.

    Raises:
        NotFound: VERSION_NOT_FOUND.
    """
    return _find(tx, packages.require_package(tx, viewer, ref, Permission.VIEW), ref)


def publish(ctx: Context, ref: PackageRef, submission: Submission | None) -> Version:
    """Publish a package file that somebody sent, if the scanner, where one is set, lets it pass.

    It is asked last, about nothing that is refused anyway; what it refuses is undone.
    """
    version = create(ctx.tx, ctx.viewer, ref, submission, ctx.now)
    if submission is not None:
        scanning.require_harmless(ctx, submission.body)
    return version


def create(
    tx: Transaction, viewer: Viewer, ref: PackageRef, submission: Submission | None, now: int
) -> Version:
    """Publish a package file as the next version of *ref*, at *now* (Unix milliseconds)."""
    if submission is None:
        raise InvalidInput("INVALID_PACKAGE_FILE_SCHEMA", "[]")
    package = packages.require_package(tx, viewer, ref, Permission.EDIT)
    new = submission.file
    highest = queries.highest_file(tx, package.id)
    if highest is not None:
        old = package_file.reopen(highest.text, highest.format)
        _require_higher(f"{package.catalog.slug}/{package.slug}", old, new)
    content_id = content.put(tx, submission.sha256, submission.body)
    version_id = queries.insert_version(tx, package.id, submission, content_id, viewer.user_id, now)
    packages.refresh_latest(tx, package.id, now)
    search.index_file(tx, package.id, submission.search_text)
    return queries.get_version(tx, version_id)


def disable(tx: Transaction, viewer: Viewer, ref: VersionRef, now: int) -> None:
    """Take a version out of its package; its number stays taken."""
    package = packages.require_package(tx, viewer, ref, Permission.EDIT)
    queries.disable_version(tx, _find(tx, package, ref).id)
    packages.refresh_latest(tx, package.id, now)
    latest = queries.latest_file(tx, package.id)
    file = package_file.reopen(latest.text, latest.format) if latest else None
    search.index_file(tx, package.id, search.file_text(file))


def count_fetch(tx: Transaction, viewer: Viewer, ref: VersionRef) -> None:
    """Note that a client fetched a version."""
    package = packages.require_package(tx, viewer, ref, Permission.VIEW)
    packages.count_fetch(tx, _find(tx, package, ref).package_id)


def _find(tx: Transaction, package: Package, ref: VersionRef) -> Version:
    version = queries.find_version(
        tx, package.id, ref.version_major, ref.version_minor, ref.version_patch
    )
    if version is None:
        number = f"{ref.version_major}.{ref.version_minor}.{ref.version_patch}"
        raise NotFound("VERSION_NOT_FOUND", number)
    return version


def _require_higher(package: str, old: PackageFile, new: PackageFile) -> None:
    """Raise unless the number of *new* fits what it changes of *old*."""
    level = package_file.compatibility(old, new)
    if level is Compatibility.IDENTICAL:
        raise VersionExists(package, old.version)
    minimum = package_file.next_version(old.version, level)
    if new.version < minimum:
        raise HigherVersionRequired(package, old.version, level.word, minimum, new.version)
