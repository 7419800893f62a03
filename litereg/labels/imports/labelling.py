"""Put the label of an import on what may have it.

The rules are the API's. What this import labelled itself is no reason to refuse it when it is
named again.
"""

from __future__ import annotations

from litereg.access import Viewer
from litereg.labels.assignments import queries as assignments
from litereg.labels.history import queries as history
from litereg.labels.imports.outcome import Verdict
from litereg.labels.imports.queries import LastIds
from litereg.labels.models import Label
from litereg.labels.public_packages.queries import LocatedPackage, LocatedVersion
from litereg.settings import Settings
from litereg.store import Transaction


class Labeller:
    """Judges packages and versions as they were looked up, and labels those that pass.

    Attributes:
        count: how many were labelled.
    """

    def __init__(
        self,
        tx: Transaction,
        label: Label,
        viewer: Viewer,
        settings: Settings,
        now: int,
        last_ids: LastIds,
    ) -> None:
        self.count = 0
        self._tx = tx
        self._label_id = label.row_id
        self._user_id = viewer.user_id
        self._kept_events = settings.labels_log_max
        self._same_is_fine = settings.labels_reassign_is_fine
        self._now = now
        self._packages = _Labelled(last_ids.package)
        self._versions = _Labelled(last_ids.version)

    def package(self, package: LocatedPackage) -> Verdict:
        """Return whether a package has the label from now on."""
        row_id = package.package.row_id
        if self._has_it(self._packages, row_id, package.label_id):
            return Verdict.FINE
        if package.label_id is not None:
            return Verdict.PACKAGE_HAS_LABEL
        self._packages.add(row_id)
        return Verdict.FINE

    def version(self, version: LocatedVersion, package: LocatedPackage) -> Verdict:
        """Return whether a version has the label from now on."""
        row_id = version.version.row_id
        if self._has_it(self._versions, row_id, version.label_id):
            return Verdict.FINE
        if version.label_id is not None:
            return Verdict.VERSION_HAS_LABEL
        if package.label_id is not None:
            return Verdict.PACKAGE_HAS_LABEL
        self._versions.add(row_id)
        return Verdict.FINE

    def write(self) -> None:
        """Write down what was judged since the last time, before anything is looked up again."""
        label_id, user_id, now = self._label_id, self._user_id, self._now
        version_ids, package_ids = self._versions.take(), self._packages.take()
        assignments.label_versions(self._tx, label_id, version_ids, user_id, now)
        for package_id in package_ids:
            assignments.label_package(self._tx, label_id, package_id, user_id, now)
        history.prune(self._tx, self._kept_events)
        self.count += len(version_ids) + len(package_ids)

    def _has_it(self, labelled: _Labelled, row_id: int, label_id: int | None) -> bool:
        is_fine = self._same_is_fine and label_id == self._label_id
        return is_fine or labelled.has(row_id, label_id)


class _Labelled:
    """Which packages, or which versions, this import has labelled.

    Those that it registered too need not be remembered: nobody else can have labelled them.
    """

    def __init__(self, last_id: int) -> None:
        self._last_id = last_id
        self._known: set[int] = set()
        self._waiting: dict[int, None] = {}

    def has(self, row_id: int, label_id: int | None) -> bool:
        """Return whether this import labelled the row, which had *label_id* when looked up."""
        is_new = row_id > self._last_id and label_id is not None
        return is_new or row_id in self._waiting or row_id in self._known

    def add(self, row_id: int) -> None:
        """Remember to label a row."""
        self._waiting[row_id] = None
        if row_id <= self._last_id:
            self._known.add(row_id)

    def take(self) -> list[int]:
        """Return the rows that are to be labelled and were not taken before."""
        taken = list(self._waiting)
        self._waiting.clear()
        return taken
