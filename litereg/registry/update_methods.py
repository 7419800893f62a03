"""How the sources of a package are updated, as its package file says.

Pure. Kept with each version, so that lists need not read package files.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from litereg.registry.package_file import PackageFile


class UpdateMethod(Enum):
    """One way of updating; a set of them is stored as the sum of its values."""

    CONTINUOUS = 1
    BATCH_FULL_SET = 2
    APPEND_ONLY_LOG = 4


def method_list(stored: int) -> list[UpdateMethod]:
    """Return a stored sum as a list, in the order of the enum."""
    return [method for method in UpdateMethod if stored & method.value]


def method_sum(file: PackageFile) -> int:
    """Return all update methods that the streams of *file* name, as the sum that is stored.

    Formats before 0.8.1 name none.
    """
    named: list[Any] = []
    for source in file.contents.sources:
        for stream in source.streams.values():
            # Formats that do not know this name let anything stand there.
            methods = stream.get("updateMethods")
            named += methods if isinstance(methods, list) else []
    return sum(method.value for method in UpdateMethod if method.name in named)
