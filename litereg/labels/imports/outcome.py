"""What comes of an import: how many of what, and what could not be done with which entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from litereg.labels import errors


class Verdict(IntEnum):
    """What could not be done with an entry; its number fits a byte."""

    FINE = 0
    DATA_PACKAGE = 1
    VERSION_HAS_LABEL = 2
    PACKAGE_HAS_LABEL = 3

    @property
    def reason(self) -> str:
        """The reason in words; for labels, the API's own."""
        return REASONS[self]


REASONS = {
    Verdict.FINE: "",
    Verdict.DATA_PACKAGE: "data packages get into the catalog by being published here",
    Verdict.VERSION_HAS_LABEL: errors.VERSION_HAS_LABEL,
    Verdict.PACKAGE_HAS_LABEL: errors.PACKAGE_HAS_LABEL,
}


@dataclass(slots=True)
class Outcome:
    """What came of an import.

    Each entry counts as added, known, repeated or refused. Whether it could be labelled is another
    matter.

    Attributes:
        added: entries that were not in the catalog.
        known: entries that were.
        repeated: entries that the import itself had registered by then.
        refused: entries that cannot be registered.
        added_packages: packages that were not in the catalog, whether named or through a version.
        labelled: packages and versions that the import put its label on.
        verdicts: one for each entry, in their order.
    """

    added: int = 0
    known: int = 0
    repeated: int = 0
    refused: int = 0
    added_packages: int = 0
    labelled: int = 0
    verdicts: bytearray = field(default_factory=bytearray)

    @property
    def not_labelled(self) -> int:
        """How many entries are in the catalog and could not be labelled."""
        return len(self.verdicts) - self.verdicts.count(Verdict.FINE) - self.refused
