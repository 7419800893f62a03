"""Read CycloneDX bills of materials as XML: the same components as in JSON.

The parser is expat, made safe: a document type ends the reading, and without one there are no
entities of the document's own, neither inner ones that grow nor outer ones that fetch.

Source: the CycloneDX specification, 1.0 to 1.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from litereg.labels.imports.entries import Found, UnreadableFile
from litereg.labels.imports.readers.cyclonedx import MEMBERS, component
from litereg.labels.imports.type_table import TypeTable

CHUNK_BYTES = 64 * 1024
NAMESPACE = "http://cyclonedx.org/schema/bom/"
LISTS = ("components", "metadata")
MAX_DEPTH = 100


class Open(NamedTuple):
    """An element whose end has not come yet: a component's members, by name."""

    members: dict[str, str]
    line: int


def read(file: BinaryIO, table: TypeTable) -> Iterator[Found]:
    """Yield each component as an entry; places are lines.

    Raises:
        UnreadableFile: it is not XML, not CycloneDX, or has a document type.
    """
    bill = _Bill(table)
    while not bill.is_over:
        yield from bill.feed(file.read(CHUNK_BYTES))


class _Bill:
    """Follows the elements of one file and collects its components."""

    def __init__(self, table: TypeTable) -> None:
        self.is_over = False
        self._table = table
        self._found: list[Found] = []
        self._path: list[str] = []
        self._components: list[Open] = []
        self._text: list[str] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        self._parser = parser

    def feed(self, chunk: bytes) -> list[Found]:
        """Return the components that end in *chunk*; an empty one is the end of the file."""
        self.is_over = not chunk
        try:
            self._parser.Parse(chunk, self.is_over)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise UnreadableFile(f"this is no XML: {error}") from error
        found, self._found = self._found, []
        return found

    def _refuse(self, *declaration: object) -> None:
        raise UnreadableFile("it has a document type, which no CycloneDX file needs")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not self._path and (name != "bom" or not namespace.startswith(NAMESPACE)):
            raise UnreadableFile("this is XML, but not CycloneDX")
        if len(self._path) == MAX_DEPTH:
            raise UnreadableFile(f"it is nested deeper than {MAX_DEPTH} levels")
        # An extension's elements may have the names of CycloneDX's own.
        self._path.append(name if namespace.startswith(NAMESPACE) else tag)
        self._text.clear()
        if self._is_component():
            self._components.append(Open({}, self._parser.CurrentLineNumber))

    def _end(self, tag: str) -> None:
        if self._is_component():
            members, line = self._components.pop()
            name = "/".join(filter(None, (members.get("group"), members.get("name"))))
            version = members.get("version", "")
            self._found.append(component(members.get("purl", ""), name, version, line, self._table))
        name = self._path.pop()
        if name in MEMBERS and self._is_component():
            self._components[-1].members[name] = "".join(self._text).strip()
        self._text.clear()

    def _hear(self, text: str) -> None:
        if self._path[-1] in MEMBERS:
            self._text.append(text)

    def _is_component(self) -> bool:
        """Return whether the innermost element is a component in its place.

        Where JSON has a list `components`, XML has that element and a `component` for each item.
        """
        lists, names = self._path[1::2], self._path[2::2]
        if len(lists) != len(names) or any(name != "component" for name in names):
            return False
        return bool(lists) and lists[0] in LISTS and all(part == "components" for part in lists[1:])
