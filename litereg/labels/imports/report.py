"""What is told of an import once it is over: what was read, what came of it, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from litereg.labels.imports.entries import Place
from litereg.labels.imports.outcome import Outcome, Verdict
from litereg.labels.imports.spool import SourceFile, Spool


class Remark(NamedTuple):
    """An entry with which something could not be done, and why.

    Attributes:
        file: what its owner calls the file that it stands in.
        place: where in the file it stands.
        text: what stands there, shortened.
        reason: why; the same words for the same reason.
    """

    file: str
    place: Place
    text: str
    reason: str

    @property
    def line(self) -> int | None:
        """The number of its line, counted from 1; None where the file is a tree."""
        return self.place if isinstance(self.place, int) else None

    @property
    def path(self) -> str | None:
        """Where it is in the tree, such as `components[3]`; None where the file has lines."""
        return self.place if isinstance(self.place, str) else None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import.

    Attributes:
        dry_run: whether it was only tried.
        label: the label that was to be put on everything, if one was.
        spool: what was read.
        outcome: what came of it.
    """

    dry_run: bool
    label: str | None
    spool: Spool
    outcome: Outcome

    @property
    def files(self) -> list[SourceFile]:
        """What was read."""
        return self.spool.files

    @property
    def added(self) -> int:
        """How many entries were not in the catalog."""
        return self.outcome.added

    @property
    def added_packages(self) -> int:
        """How many packages were not in the catalog, named themselves or through a version."""
        return self.outcome.added_packages

    @property
    def known(self) -> int:
        """How many entries were in the catalog."""
        return self.outcome.known

    @property
    def repeated(self) -> int:
        """How many entries the import itself had added by then."""
        return self.outcome.repeated

    @property
    def labelled(self) -> int:
        """How many packages and versions got the label."""
        return self.outcome.labelled

    @property
    def skipped_count(self) -> int:
        """How many entries were left out."""
        return self.spool.skipped_count + self.outcome.refused

    @property
    def not_labelled_count(self) -> int:
        """How many entries are in the catalog and did not get the label."""
        return self.outcome.not_labelled

    def skipped(self) -> Iterator[Remark]:
        """Yield what was left out: what readers could not use, then what may not be registered."""
        for file, skipped in self.spool.skipped():
            yield Remark(file.name, *skipped)
        yield from self._judged(refused=True)

    def not_labelled(self) -> Iterator[Remark]:
        """Yield what is in the catalog and did not get the label."""
        return self._judged(refused=False)

    def _judged(self, refused: bool) -> Iterator[Remark]:
        for (file, entry), number in zip(self.spool.entries(), self.outcome.verdicts, strict=True):
            verdict = Verdict(number)
            if verdict and (verdict is Verdict.DATA_PACKAGE) is refused:
                text = f"{entry.type} {entry.name} {entry.version}".rstrip()
                yield Remark(file.name, entry.place, text, verdict.reason)
