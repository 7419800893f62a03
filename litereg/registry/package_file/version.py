"""Version numbers of data packages: three numbers, and nothing else of semantic versioning.

Pre-release and build parts, which semver.org allows, never appear in a package file.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# What a GraphQL Int and every database can hold.
LARGEST_PART = 2**31 - 1

# At most ten digits a part: longer ones are too large anyway, and int() is slow on long text.
_NUMBERS = re.compile(r"(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})")


class Semver(NamedTuple):
    """A version number; numbers compare part by part, so `1.10.0` follows `1.9.9`."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Return the number as people and package files write it: `1.2.3`."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @classmethod
    def parse(cls, text: str) -> Semver:
        """Read `MAJOR.MINOR.PATCH`: no leading zeros, each part at most 2147483647.

        Raises:
            ValueError: *text* is anything else.
        """
        numbers = _NUMBERS.fullmatch(text)
        version = cls(*map(int, numbers.groups())) if numbers else None
        if version is None or max(version) > LARGEST_PART:
            raise ValueError(f"not a version number such as 1.2.3: {text[:40]}")
        return version

    def next_major(self) -> Semver:
        """Return the number of the next version that breaks what readers rely on."""
        return Semver(self.major + 1, 0, 0)

    def next_minor(self) -> Semver:
        """Return the number of the next version that only adds."""
        return Semver(self.major, self.minor + 1, 0)

    def next_patch(self) -> Semver:
        """Return the number of the next version that changes words alone."""
        return Semver(self.major, self.minor, self.patch + 1)
