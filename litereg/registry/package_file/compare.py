"""What changed between two package files, and which version number that asks for.

Both are compared in their normalised form, so they may be in different formats. Schemas are known
by their titles, properties by their names, sources by their slugs. The types of a property are a
set, and one more breaks its readers as one less does.

Not looked at are the order of things, statistics, samples, what data is derived from, registries,
`canonical`, `generatedBy`, `updatedDate` and the version number itself: a file in which only these
changed says the same about the data as the one before, and counts as identical.

Source: semver.org 2.0.0, sections 6 to 8; DataPM's compatibility levels and kinds of difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar

import orjson

from litereg.registry.package_file.file import PackageFile
from litereg.registry.package_file.normalise import Property, Schema, Source
from litereg.registry.package_file.version import Semver

Item = TypeVar("Item")


class Compatibility(IntEnum):
    """How much a new version asks of those who read the old one; the larger, the more."""

    IDENTICAL = 0
    MINOR = 1
    COMPATIBLE = 2
    BREAKING = 3

    @property
    def word(self) -> str:
        """The word in messages to clients, who know it as it is, misspelling included."""
        return ("no", "minor", "compatibile", "breaking")[self]


class DifferenceKind(StrEnum):
    """What can be different, under the names that DataPM's clients know."""

    CHANGE_PACKAGE_DISPLAY_NAME = "CHANGE_PACKAGE_DISPLAY_NAME"
    CHANGE_PACKAGE_DESCRIPTION = "CHANGE_PACKAGE_DESCRIPTION"
    CHANGE_README_MARKDOWN = "CHANGE_README_MARKDOWN"
    CHANGE_README_FILE = "CHANGE_README_FILE"
    CHANGE_LICENSE_MARKDOWN = "CHANGE_LICENSE_MARKDOWN"
    CHANGE_LICENSE_FILE = "CHANGE_LICENSE_FILE"
    CHANGE_WEBSITE = "CHANGE_WEBSITE"
    CHANGE_CONTACT_EMAIL = "CHANGE_CONTACT_EMAIL"
    ADD_SCHEMA = "ADD_SCHEMA"
    REMOVE_SCHEMA = "REMOVE_SCHEMA"
    REMOVE_HIDDEN_SCHEMA = "REMOVE_HIDDEN_SCHEMA"
    ADD_PROPERTY = "ADD_PROPERTY"
    REMOVE_PROPERTY = "REMOVE_PROPERTY"
    REMOVE_HIDDEN_PROPERTY = "REMOVE_HIDDEN_PROPERTY"
    HIDE_PROPERTY = "HIDE_PROPERTY"
    UNHIDE_PROPERTY = "UNHIDE_PROPERTY"
    CHANGE_PROPERTY_TYPE = "CHANGE_PROPERTY_TYPE"
    CHANGE_PROPERTY_FORMAT = "CHANGE_PROPERTY_FORMAT"
    CHANGE_PROPERTY_UNIT = "CHANGE_PROPERTY_UNIT"
    CHANGE_PROPERTY_DESCRIPTION = "CHANGE_PROPERTY_DESCRIPTION"
    CHANGE_PARSER = "CHANGE_PARSER"
    CHANGE_SOURCE = "CHANGE_SOURCE"
    REMOVE_SOURCE = "REMOVE_SOURCE"

    @property
    def compatibility(self) -> Compatibility:
        """What a difference of this kind asks of readers: words alone unless listed here."""
        return _COMPATIBILITY.get(self, Compatibility.MINOR)


_COMPATIBILITY = {
    DifferenceKind.REMOVE_SCHEMA: Compatibility.BREAKING,
    DifferenceKind.REMOVE_PROPERTY: Compatibility.BREAKING,
    DifferenceKind.HIDE_PROPERTY: Compatibility.BREAKING,
    DifferenceKind.CHANGE_PROPERTY_TYPE: Compatibility.BREAKING,
    DifferenceKind.CHANGE_PROPERTY_FORMAT: Compatibility.BREAKING,
    DifferenceKind.ADD_SCHEMA: Compatibility.COMPATIBLE,
    DifferenceKind.ADD_PROPERTY: Compatibility.COMPATIBLE,
    DifferenceKind.UNHIDE_PROPERTY: Compatibility.COMPATIBLE,
}

_TEXTS = {
    "displayName": DifferenceKind.CHANGE_PACKAGE_DISPLAY_NAME,
    "description": DifferenceKind.CHANGE_PACKAGE_DESCRIPTION,
    "readmeMarkdown": DifferenceKind.CHANGE_README_MARKDOWN,
    "readmeFile": DifferenceKind.CHANGE_README_FILE,
    "licenseMarkdown": DifferenceKind.CHANGE_LICENSE_MARKDOWN,
    "licenseFile": DifferenceKind.CHANGE_LICENSE_FILE,
    "website": DifferenceKind.CHANGE_WEBSITE,
    "contactEmail": DifferenceKind.CHANGE_CONTACT_EMAIL,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed.

    Attributes:
        kind: what happened.
        pointer: to what: `#`, `#/<schema title>/properties/<name>`, `#/sources/<slug>`; slashes and
            tildes in names are escaped as in a JSON pointer.
        before: the old value as JSON, None where there was none.
        after: the new value likewise.
    """

    kind: DifferenceKind
    pointer: str
    before: object = None
    after: object = None

    @property
    def compatibility(self) -> Compatibility:
        """What this asks of readers."""
        return self.kind.compatibility


def smallest_next_version(old: PackageFile, new: PackageFile) -> Semver:
    """Return the lowest version number that *new* may carry when it follows *old*.

    What breaks readers asks for a major step, what only adds for a minor step, words alone for a
    patch. Identical files return the number of *old* unchanged.
    """
    return next_version(old.version, compatibility(old, new))


def next_version(old: Semver, level: Compatibility) -> Semver:
    """Return the lowest number after *old* for a file that is compatible to that *level* only."""
    if level is Compatibility.BREAKING:
        return old.next_major()
    if level is Compatibility.COMPATIBLE:
        return old.next_minor()
    if level is Compatibility.MINOR:
        return old.next_patch()
    return old


def compatibility(old: PackageFile, new: PackageFile) -> Compatibility:
    """Return what the worst difference between *old* and *new* asks of readers of *old*."""
    found = (difference.compatibility for difference in _differences(old, new))
    return max(found, default=Compatibility.IDENTICAL)


def differences(old: PackageFile, new: PackageFile) -> list[Difference]:
    """Return everything that changed, texts first, then schemas, then sources."""
    return list(_differences(old, new))


def _differences(old: PackageFile, new: PackageFile) -> Iterator[Difference]:
    for name, kind in _TEXTS.items():
        yield from _changed(kind, "#", old.document.get(name), new.document.get(name))
    yield from _schemas(old.contents.schemas, new.contents.schemas)
    yield from _sources(old.contents.sources, new.contents.sources)


def _schemas(old: Sequence[Schema], new: Sequence[Schema]) -> Iterator[Difference]:
    before = _keyed((schema.title, schema) for schema in old)
    after = _keyed((schema.title, schema) for schema in new)
    for key, schema in before.items():
        pointer = f"#/{_escaped(schema.title)}"
        if key in after:
            yield from _parser(schema, after[key], pointer)
            yield from _described(schema, after[key], pointer)
        elif schema.hidden:
            yield Difference(DifferenceKind.REMOVE_HIDDEN_SCHEMA, pointer)
        else:
            yield Difference(DifferenceKind.REMOVE_SCHEMA, pointer)
    for key, schema in after.items():
        if key not in before:
            yield Difference(DifferenceKind.ADD_SCHEMA, f"#/{_escaped(schema.title)}")


def _keyed(named: Iterable[tuple[str, Item]]) -> dict[tuple[str, int], Item]:
    """Key items by name; those that share one are told apart by their order."""
    seen: Counter[str] = Counter()
    keyed = {}
    for name, item in named:
        keyed[name, seen[name]] = item
        seen[name] += 1
    return keyed


def _described(
    old: Schema | Property, new: Schema | Property, pointer: str
) -> Iterator[Difference]:
    """Compare what schemas and properties have in common, and then what is inside."""
    kind = DifferenceKind
    yield from _changed(kind.CHANGE_PROPERTY_DESCRIPTION, pointer, old.description, new.description)
    yield from _types(old, new, pointer)
    if old.hidden != new.hidden:
        yield Difference(kind.HIDE_PROPERTY if new.hidden else kind.UNHIDE_PROPERTY, pointer)
    yield from _changed(kind.CHANGE_PROPERTY_UNIT, pointer, old.unit, new.unit)
    yield from _properties(old.properties, new.properties, pointer)


def _types(old: Schema | Property, new: Schema | Property, pointer: str) -> Iterator[Difference]:
    if old.types == new.types == ("string",):
        kind = DifferenceKind.CHANGE_PROPERTY_FORMAT
        yield from _changed(kind, pointer, old.format, new.format)
    else:
        kind = DifferenceKind.CHANGE_PROPERTY_TYPE
        yield from _changed(kind, pointer, _value_types(old), _value_types(new))


def _value_types(holder: Schema | Property) -> list[str]:
    """Return the types, dates told from other strings: older formats do it by `format`."""
    dated = {"string": holder.format} if holder.format in ("date", "date-time") else {}
    return sorted(dated.get(name) or name for name in holder.types)


def _properties(
    old: Sequence[Property], new: Sequence[Property], pointer: str
) -> Iterator[Difference]:
    before = {entry.name: entry for entry in old}
    after = {entry.name: entry for entry in new}
    for name, entry in before.items():
        inner = f"{pointer}/properties/{_escaped(name)}"
        if name in after:
            yield from _described(entry, after[name], inner)
        elif entry.hidden:
            yield Difference(DifferenceKind.REMOVE_HIDDEN_PROPERTY, inner)
        else:
            yield Difference(DifferenceKind.REMOVE_PROPERTY, inner)
    for name in after:
        if name not in before:
            yield Difference(DifferenceKind.ADD_PROPERTY, f"{pointer}/properties/{_escaped(name)}")


def _parser(old: Schema, new: Schema, pointer: str) -> Iterator[Difference]:
    return _changed(DifferenceKind.CHANGE_PARSER, f"{pointer}/parser", old.parser, new.parser)


def _sources(old: Sequence[Source], new: Sequence[Source]) -> Iterator[Difference]:
    before = _keyed((source.slug, _source_json(source)) for source in old)
    after = _keyed((source.slug, _source_json(source)) for source in new)
    for key in before | after:
        pointer = f"#/sources/{_escaped(key[0])}"
        kind = DifferenceKind.CHANGE_SOURCE if key in after else DifferenceKind.REMOVE_SOURCE
        yield from _changed(kind, pointer, before.get(key), after.get(key))


def _source_json(source: Source) -> dict[str, object]:
    return {"type": source.type, **source.settings, "streamSets": source.streams}


def _changed(
    kind: DifferenceKind, pointer: str, before: object, after: object
) -> Iterator[Difference]:
    if before is after or (before.__class__ is after.__class__ is str and before == after):
        return
    if _canonical(before) != _canonical(after):
        yield Difference(kind, pointer, before, after)


def _canonical(value: object) -> bytes:
    # Python takes True for 1, JSON does not; the order of names means nothing to either.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
