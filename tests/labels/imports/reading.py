"""Read a file or a text as an import does."""

from __future__ import annotations

import io
from pathlib import Path

from litereg.labels.imports.decode import decoded
from litereg.labels.imports.entries import Entry, Skipped
from litereg.labels.imports.recognise import recognise
from litereg.labels.imports.type_table import TypeTable

DATA = Path(__file__).parent / "data"


def read(content, table=None):
    """Return the name of the format of *content*, bytes or text, and what its reader found."""
    raw = content.encode() if isinstance(content, str) else content
    with decoded(io.BytesIO(raw)) as file:
        found = recognise(file)
        return found.name, list(found.read(file, table or TypeTable()))


def read_data(name):
    """Return the same of a file of the data folder."""
    return read((DATA / name).read_bytes())


def read_with(reader, content, table=None):
    """Return what one reader found in *content*, whatever its format."""
    raw = content.encode() if isinstance(content, str) else content
    return list(reader.read(io.BytesIO(raw), table or TypeTable()))


def names(found):
    """Return the entries as (type, name, version)."""
    return [entry[:3] for entry in found if isinstance(entry, Entry)]


def reasons(found):
    """Return what was left out as place → reason."""
    return {skipped.place: skipped.reason for skipped in found if isinstance(skipped, Skipped)}
