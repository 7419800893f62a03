"""The package file as the rest of litereg holds it: as it was sent, and what was read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from litereg.registry.package_file.json_text import read_object
from litereg.registry.package_file.normalise import Contents, Property, normalise
from litereg.registry.package_file.timestamp import unix_ms
from litereg.registry.package_file.validation import validate
from litereg.registry.package_file.version import Semver


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A valid package file.

    Attributes:
        text: what was submitted, to the character; it is what readers get back.
        document: the same, parsed. Not to be changed by anyone.
        contents: what it holds beside its texts, the same for all formats.
        format: the name of the format it was found to be in, one of `FORMATS`.
        version: the number of the data package's version.
        package_slug: as the file says; the package itself may be called otherwise by now.
        updated_at: when the data was last updated by its publisher; Unix milliseconds, UTC.
        readme: Markdown; None where the file has none or names a file of its publisher's instead.
        license: as `readme`.
    """

    text: str = field(repr=False)
    document: dict[str, Any] = field(repr=False, compare=False)
    contents: Contents = field(repr=False, compare=False)
    format: str
    version: Semver
    package_slug: str
    display_name: str
    description: str
    updated_at: int
    readme: str | None = field(repr=False)
    license: str | None = field(repr=False)

    def schema_titles(self) -> tuple[str, ...]:
        """Return the titles of the schemas, in the order of the file."""
        titles = (schema.title for schema in self.contents.schemas)
        return tuple(title for title in titles if title)

    def property_names(self) -> tuple[str, ...]:
        """Return the names of all properties, inner ones too, each once, in the file's order."""
        schemas = self.contents.schemas
        names = (name for schema in schemas for name in _names(schema.properties))
        return tuple(dict.fromkeys(names))


def parse(text: str) -> PackageFile:
    """Read a package file that somebody submitted, in any format that was ever published.

    Raises:
        InvalidPackageFile: *text* is no JSON object, is in no known format or breaks its rules; the
            message is `INVALID_PACKAGE_FILE_SCHEMA: ` and a JSON array of what is wrong.
    """
    document = read_object(text)
    return _package_file(text, document, validate(document))


def reopen(text: str, format: str) -> PackageFile:
    """Read a package file that `parse` took before and found to be in *format*: nothing is checked.

    Much faster than `parse`, and still able to read what later rules would refuse.
    """
    return _package_file(text, orjson.loads(text), format)


def _package_file(text: str, document: dict[str, Any], format: str) -> PackageFile:
    return PackageFile(
        text=text,
        document=document,
        contents=normalise(document),
        format=format,
        version=Semver.parse(document["version"]),
        package_slug=document["packageSlug"],
        display_name=document["displayName"],
        description=document["description"],
        updated_at=unix_ms(document["updatedDate"]),
        readme=_markdown(document, "readmeMarkdown"),
        license=_markdown(document, "licenseMarkdown"),
    )


def _markdown(document: dict[str, Any], name: str) -> str | None:
    # The first format says nothing about these names, so anything may stand there.
    value = document.get(name)
    return value if isinstance(value, str) and value else None


def _names(properties: Iterable[Property]) -> Iterator[str]:
    for entry in properties:
        yield entry.name
        yield from _names(entry.properties)
