"""What changed from version to version of a package.

How two package files are compared is in `litereg.registry.package_file` (pure); here it is decided
which ones, and where the comparing is done.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from litereg.gql.context import Context
from litereg.registry import package_file
from litereg.registry.models import Version
from litereg.registry.package_file import Difference
from litereg.registry.versions import queries

# Package files that are longer than this together are compared outside the transaction.
LONG_TEXTS = 256 * 1024


class VersionNumber(NamedTuple):
    """A version's number, part by part."""

    version_major: int
    version_minor: int
    version_patch: int

    @classmethod
    def of(cls, version: Version) -> VersionNumber:
        """Return the number of *version*."""
        return cls(version.major, version.minor, version.patch)


class Diff(NamedTuple):
    """What changed from one version to another."""

    new_version: VersionNumber
    old_version: VersionNumber
    differences: list[Difference]


def in_a_row(ctx: Context, versions: list[Version]) -> list[Diff]:
    """Return what changed between each of *versions* and the older one after it."""
    files = queries.files_by_version(ctx.tx, [version.id for version in versions])
    texts = tuple((files[version.id].format, files[version.id].text) for version in versions)
    if sum(len(text) for _, text in texts) > LONG_TEXTS:
        found = ctx.slow(_differences, texts)
    else:
        found = _differences(texts)
    return [
        Diff(VersionNumber.of(new), VersionNumber.of(old), differences)
        for (new, old), differences in zip(pairwise(versions), found, strict=True)
    ]


def _differences(texts: tuple[tuple[str, str], ...]) -> list[list[Difference]]:
    """Return the differences between each file, given as format and text, and the one after it."""
    files = [package_file.reopen(text, format_) for format_, text in texts]
    return [package_file.differences(old, new) for new, old in pairwise(files)]
