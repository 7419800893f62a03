"""Register what an import names, and put a label on it, in one transaction.

Registering is never refused: a package that is there is left as it is. Labels follow the rules of
the API, one on a package, one on a version, and none on a version whose package has one. But what
may not be labelled is reported and the rest goes on: a lockfile of a thousand packages is not sent
back because of one. Versions are labelled before whole packages, so that a label's own listing,
which names both, can be brought back in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from litereg import access
from litereg.access import Viewer
from litereg.errors import InvalidInput, LimitExceeded, LiteregError
from litereg.gql.context import Context
from litereg.gql.slow import Line
from litereg.labels import errors
from litereg.labels.imports import queries
from litereg.labels.imports.entries import Entry
from litereg.labels.imports.inputs import PackageList
from litereg.labels.imports.labelling import Labeller
from litereg.labels.imports.outcome import Outcome, Verdict
from litereg.labels.imports.report import Remark, Report
from litereg.labels.imports.upload import read_uploads
from litereg.labels.labels import queries as labels
from litereg.labels.models import Label
from litereg.labels.public_packages import queries as public_packages
from litereg.labels.public_packages.queries import DATA_PACKAGE, LocatedPackage, LocatedVersion
from litereg.labels.text import require_storable
from litereg.settings import Settings
from litereg.store import Transaction

T = TypeVar("T")
# Entries of one chunk, each with its number among all.
Rows = Sequence[tuple[int, Entry]]

CHUNK = 1_000
MAX_FILES = 100


def import_files(
    ctx: Context, files: Sequence[PackageList], label: str | None, dry_run: bool
) -> Report:
    """Import files that came through the API; see `run`.

    What cannot be done anyway is refused before they are read.
    """
    access.require_label_manager(ctx.tx, ctx.viewer, ctx.settings)
    if len(files) > MAX_FILES:
        raise LimitExceeded("TOO_MANY_FILES", f"at most {MAX_FILES} files are imported at once")
    require_storable(*(file.name for file in files))
    if label is not None:
        _require_label(ctx.tx, label)
    settings = ctx.settings
    bounds = (settings.labels_type_table, settings.max_import_entries)
    read = ctx.slow(read_uploads, tuple(files), *bounds, line=Line.LONG)
    if isinstance(read, LiteregError):
        raise read
    work = rehearse if dry_run else run
    outcome = work(ctx.tx, ctx.viewer, settings, read, label, ctx.now)
    return Report(dry_run, label, read, outcome)


def first_of(ctx: Context, remarks: Iterator[Remark], count: int) -> list[Remark]:
    """Return the first *count* remarks; they count into what an answer may hold."""
    if count < 0:
        raise InvalidInput("`first` cannot be less than zero.")
    found = list(islice(remarks, min(count, ctx.nodes_left + 1)))
    ctx.spend(len(found))
    return found


def run(
    tx: Transaction,
    viewer: Viewer,
    settings: Settings,
    entries: Iterable[Entry],
    label: str | None,
    now: int,
) -> Outcome:
    """Register *entries*, which are gone through twice, and put *label* on them unless it is None.

    Raises:
        NotAuthenticated, NotAuthorized: *viewer* may not change labels.
        LabelNotFound: there is no such label.
    """
    access.require_label_manager(tx, viewer, settings)
    last_ids = queries.last_ids(tx)
    labeller = None
    if label is not None:
        labeller = Labeller(tx, _require_label(tx, label), viewer, settings, now, last_ids)
    work = _Import(tx, labeller, now, last_ids)
    for take, is_whole in ((work.take_versions, False), (work.take_packages, True)):
        for rows in _chunks(work.numbered(entries, is_whole)):
            take(rows)
            if labeller is not None:
                labeller.write()
                work.outcome.labelled = labeller.count
    return work.outcome


def rehearse(
    tx: Transaction,
    viewer: Viewer,
    settings: Settings,
    entries: Iterable[Entry],
    label: str | None,
    now: int,
) -> Outcome:
    """Do what `run` does, and undo it."""
    with tx.undone():
        return run(tx, viewer, settings, entries, label, now)


class _Import:
    def __init__(
        self, tx: Transaction, labeller: Labeller | None, now: int, last_ids: queries.LastIds
    ) -> None:
        self.outcome = Outcome()
        self._tx = tx
        self._labeller = labeller
        self._now = now
        self._last_ids = last_ids

    def numbered(self, entries: Iterable[Entry], is_whole: bool) -> Iterator[tuple[int, Entry]]:
        """Yield whole packages, or versions, with their numbers, and have a verdict for each."""
        verdicts = self.outcome.verdicts
        for number, entry in enumerate(entries):
            if number == len(verdicts):
                verdicts.append(Verdict.FINE)
            if (not entry.version) is is_whole:
                yield number, entry

    def take_versions(self, rows: Rows) -> None:
        """Register versions with their packages, and judge them for the label."""
        packages, _ = self._packages(rows)
        versions, fresh = self._versions(rows, packages)
        for number, entry in rows:
            package = packages.get((entry.type, entry.name))
            version = package and versions.get((package.package.row_id, entry.version))
            if package is None or version is None:
                self._refuse(number)
                continue
            self._count(version.version.row_id, fresh, self._last_ids.version)
            if self._labeller is not None:
                self.outcome.verdicts[number] = self._labeller.version(version, package)

    def take_packages(self, rows: Rows) -> None:
        """Register whole packages, and judge them for the label."""
        packages, fresh = self._packages(rows)
        for number, entry in rows:
            package = packages.get((entry.type, entry.name))
            if package is None:
                self._refuse(number)
                continue
            self._count(package.package.row_id, fresh, self._last_ids.package)
            if self._labeller is not None:
                self.outcome.verdicts[number] = self._labeller.package(package)

    def _packages(self, rows: Rows) -> tuple[dict[tuple[str, str], LocatedPackage], set[int]]:
        """Return the packages of *rows*, and the ids of those that were missing till now."""
        keys = list(dict.fromkeys((entry.type, entry.name) for _, entry in rows))
        found = public_packages.locate_packages(self._tx, keys)
        missing = [key for key in keys if key not in found and key[0] != DATA_PACKAGE]
        if missing:
            public_packages.register_packages(self._tx, missing, self._now)
            found |= public_packages.locate_packages(self._tx, missing)
        self.outcome.added_packages += len(missing)
        return found, {found[key].package.row_id for key in missing}

    def _versions(
        self, rows: Rows, packages: dict[tuple[str, str], LocatedPackage]
    ) -> tuple[dict[tuple[int, str], LocatedVersion], set[int]]:
        """Return the versions of *rows*, and the ids of those that were missing till now."""
        keys: dict[tuple[int, str], str] = {}
        for _, entry in rows:
            package = packages.get((entry.type, entry.name))
            if package is not None:
                keys[package.package.row_id, entry.version] = entry.type
        found = public_packages.locate_versions(self._tx, list(keys))
        missing = [k for k, type_ in keys.items() if k not in found and type_ != DATA_PACKAGE]
        if missing:
            public_packages.register_versions(self._tx, missing, self._now)
            found |= public_packages.locate_versions(self._tx, missing)
        return found, {found[key].version.row_id for key in missing}

    def _count(self, row_id: int, fresh: set[int], last_id: int) -> None:
        """Count an entry; it takes its row out of *fresh*, so that the next one repeats it."""
        if row_id in fresh:
            fresh.remove(row_id)
            self.outcome.added += 1
        elif row_id > last_id:
            self.outcome.repeated += 1
        else:
            self.outcome.known += 1

    def _refuse(self, number: int) -> None:
        self.outcome.refused += 1
        self.outcome.verdicts[number] = Verdict.DATA_PACKAGE


def _require_label(tx: Transaction, name: str) -> Label:
    require_storable(name)
    label = labels.find_label(tx, name)
    if label is None:
        raise errors.labels_missing([name])
    return label


def _chunks(rows: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
