"""A disk that remembers what had been synced: what is left in a directory after a power cut.

Fed with the log that `recorder.c` writes. It promises no more than POSIX does:

- A change to a file is safe once a sync of that file, begun after the change, has returned. Until
  then it may be there, be missing, or be there in part, by sectors of 512 bytes, and a later change
  may have reached the disk before an earlier one.
- The name of a new, renamed or removed file is safe once a sync of the directory has returned;
  a sync of the file says nothing about its name. Of the changes of names made since, the first few
  have happened and the others have not: file systems journal them in order.

Knows nothing about SQLite.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from random import Random
from typing import Literal

Survivors = Literal["none", "all", "some", "torn"]
SURVIVORS: tuple[Survivors, ...] = ("none", "all", "some", "torn")

SECTOR = 512
_HEAD = struct.Struct("=6Q")


class What(IntEnum):
    """The kinds of log entries; the numbers are those of `recorder.c`."""

    OPEN = 1
    CREATE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    SYNC_DIRECTORY = 6
    UNLINK = 7
    RENAME = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of the log; the fields are explained in `recorder.c`."""

    what: What
    at_ns: int = 0
    covers: int = 0
    file: int = 0
    position: int = 0
    payload: bytes = b""


def read_log(path: Path) -> list[Entry]:
    """Return the entries of the log at *path*, in order."""
    return list(_entries(path.read_bytes()))


def _entries(log: bytes) -> Iterator[Entry]:
    start = 0
    while start < len(log):
        what, at_ns, covers, file, position, length = _HEAD.unpack_from(log, start)
        start += _HEAD.size + length
        yield Entry(What(what), at_ns, covers, file, position, log[start - length : start])


@dataclass(eq=False, slots=True)
class File:
    """A file's synced bytes, and the changes since, each with its place in the log."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, Entry]] = field(default_factory=list)

    def sync(self, covers: int) -> None:
        """Make every change before the log's entry number *covers* safe."""
        for _, change in (p for p in self.pending if p[0] < covers):
            _apply(self.synced, change)
        self.pending = [p for p in self.pending if p[0] >= covers]


class Disk:
    """One directory, followed call by call.

    Args:
        files: what the directory holds, and has synced, before the first call.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._synced_names = {n: File(bytearray(b)) for n, b in (files or {}).items()}
        self._names: dict[str, File] = dict(self._synced_names)
        self._pending_names: list[tuple[int, dict[str, File | None]]] = []
        self._files: dict[int, File] = {}
        self._length = 0

    def follow(self, entry: Entry) -> None:
        """Take note of the next entry of the log."""
        match entry.what:
            case What.OPEN:
                self._files[entry.file] = self._names[entry.payload.decode()]
            case What.CREATE:
                self._files[entry.file] = File()
                self._rename({entry.payload.decode(): self._files[entry.file]})
            case What.WRITE | What.TRUNCATE:
                self._files[entry.file].pending.append((self._length, entry))
            case What.SYNC:
                self._files[entry.file].sync(entry.covers)
            case What.SYNC_DIRECTORY:
                self._sync_names(entry.covers)
            case What.UNLINK:
                self._rename({entry.payload.decode(): None})
            case What.RENAME:
                old, new = entry.payload.decode().split("\0")
                # An empty name is one outside the record: what came from there is not known.
                moved = self._names[old]
                self._rename({old: None} | ({new: moved} if new else {}))
        self._length += 1

    def after_power_cut(self, survivors: Survivors, random: Random) -> dict[str, bytes]:
        """Return the files that a power cut at this moment leaves, by name.

        *survivors* says which of the unsynced changes reached the disk: none of them, all of them,
        some (each by chance), or each in part ("torn": every sector by chance). How likely the
        chance is, is drawn anew for each call. The disk itself goes on undisturbed.
        """
        chance = {"none": 0.0, "all": 1.0}.get(survivors, random.random())
        sector = SECTOR if survivors == "torn" else None
        names = dict(self._synced_names)
        kept = {"none": 0, "all": len(self._pending_names)}.get(
            survivors, random.randint(0, len(self._pending_names))
        )
        for _, changed in self._pending_names[:kept]:
            _merge(names, changed)
        left = {}
        for name, file in names.items():
            content = bytearray(file.synced)
            for _, change in file.pending:
                for part in _parts(change, sector):
                    if random.random() < chance:
                        _apply(content, part)
            left[name] = bytes(content)
        return left

    def _rename(self, changed: dict[str, File | None]) -> None:
        _merge(self._names, changed)
        self._pending_names.append((self._length, changed))

    def _sync_names(self, covers: int) -> None:
        for _, changed in (p for p in self._pending_names if p[0] < covers):
            _merge(self._synced_names, changed)
        self._pending_names = [p for p in self._pending_names if p[0] >= covers]


def _merge(names: dict[str, File], changed: Mapping[str, File | None]) -> None:
    for name, file in changed.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def _apply(content: bytearray, change: Entry) -> None:
    if change.what is What.TRUNCATE:
        del content[change.position :]
        content.extend(bytes(change.position - len(content)))
        return
    content.extend(bytes(max(0, change.position - len(content))))
    content[change.position : change.position + len(change.payload)] = change.payload


def _parts(change: Entry, sector: int | None) -> Iterator[Entry]:
    """Split a write where a sector of the disk ends; anything else happens whole or not at all."""
    if sector is None or change.what is not What.WRITE:
        yield change
        return
    start = 0
    while start < len(change.payload):
        stop = start + sector - (change.position + start) % sector
        position, part = change.position + start, change.payload[start:stop]
        yield Entry(What.WRITE, position=position, payload=part)
        start = stop
