"""Package files as pages show them: read and turned into HTML once, then kept.

A published file never changes, and many people look at the same one, so what was made of it is kept
by its digest, within a bound of bytes. What a file means is read by what comes in from outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
from markupsafe import Markup

from litereg.web import statistics
from litereg.web.kept import Kept
from litereg.web.markdown import html_of
from litereg.web.rendering import TEMPLATES

# Takes a package file as an object; returns its schemas and sources, the same for all formats.
ContentsOf = Callable[[Mapping[str, Any]], Any]

MAX_KEPT_BYTES: Final = 32 * 1024 * 1024
# Reading a longer file is left to a thread, so that nobody else waits for it.
LONG_TEXT: Final = 256 * 1024
# What one page shows of a file; the file itself is there to be downloaded.
MAX_SCHEMAS: Final = 50
MAX_SOURCES: Final = 50
SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Shown:
    """A package file, ready to be put into a page.

    Attributes:
        readme: HTML; empty when it has none.
        license: HTML; empty when it has none.
        schemas: HTML: a table for each schema.
        sources: HTML: where the data comes from; empty when it does not say.
        titles: the names of the schemas, for links to the tables.
        website: an address; empty when it has none that can be opened.
        contact: an e-mail address; empty when it has none.
        updated: when the data was last updated; ISO 8601.
    """

    readme: Markup
    license: Markup
    schemas: Markup
    sources: Markup
    titles: tuple[str, ...]
    website: str
    contact: str
    updated: str

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        parts = (self.readme, self.license, self.schemas, self.sources, *self.titles)
        return 1024 + sum(map(len, parts))


class PackageFiles:
    """Shows package files, and keeps what was shown last."""

    def __init__(self, contents_of: ContentsOf, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._contents_of = contents_of
        self._kept = Kept[Shown](max_bytes)

    async def shown(self, text: str) -> Shown:
        """Return the package file *text* as pages show it."""
        digest = sha256(text.encode()).digest()
        if found := self._kept.find(digest):
            return found
        if len(text) > LONG_TEXT:
            made = await asyncio.to_thread(self._show, text)
        else:
            made = self._show(text)
        self._kept.keep(digest, made, made.size)
        return made

    def _show(self, text: str) -> Shown:
        document = orjson.loads(text)
        contents = self._contents_of(document)
        website = _text(document, "website")
        return Shown(
            readme=html_of(_text(document, "readmeMarkdown")),
            license=html_of(_text(document, "licenseMarkdown")),
            schemas=_filled(
                "schemas.html",
                schemas=[
                    (schema, statistics.rows(schema.properties))
                    for schema in contents.schemas[:MAX_SCHEMAS]
                ],
                hidden=max(0, len(contents.schemas) - MAX_SCHEMAS),
                max_rows=statistics.MAX_ROWS,
                bar_width=statistics.BAR_WIDTH,
            ),
            sources=_filled(
                "sources.html", sources=list(map(_source, contents.sources[:MAX_SOURCES]))
            ),
            titles=tuple(schema.title for schema in contents.schemas[:MAX_SCHEMAS]),
            website=website if website.startswith(SCHEMES) else "",
            contact=_text(document, "contactEmail"),
            updated=_text(document, "updatedDate"),
        )


def _filled(template: str, **values: Any) -> Markup:
    # Templates escape what they are given.
    return Markup(TEMPLATES.get_template(template).render(values).strip())  # noqa: S704


def _source(source: Any) -> dict[str, Any]:
    """Return what a page says of a source: where it is, and the plain ones of its settings."""
    settings = dict(source.settings)
    for name in ("configuration", "connectionConfiguration"):
        if isinstance(inner := settings.pop(name, None), Mapping):
            settings |= inner
    addresses = [settings.pop("uri", None)]
    more = settings.pop("uris", None)
    addresses += more if isinstance(more, list) else []
    updates = [way for stream in source.streams.values() for way in _texts(stream, "updateMethods")]
    return {
        "name": source.slug,
        "type": source.type,
        "addresses": [
            (address, address.startswith(SCHEMES)) for address in addresses if _is_text(address)
        ],
        "settings": {
            name: value
            for name, value in settings.items()
            if isinstance(value, str | int | float) and value != ""
        },
        "updates": [UPDATES.get(way, way) for way in dict.fromkeys(updates)],
        "schemas": source.schema_titles,
    }


UPDATES: Final = {
    "BATCH_FULL_SET": "as a whole",
    "APPEND_ONLY_LOG": "by adding records",
    "CONTINUOUS": "continuously",
}


def _texts(stated: Mapping[str, Any], name: str) -> list[str]:
    values = stated.get(name)
    return list(filter(_is_text, values)) if isinstance(values, list) else []


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _text(document: Mapping[str, Any], name: str) -> str:
    """Return a text of a package file; formats leave unchecked what stands under some names."""
    value = document.get(name)
    return value if isinstance(value, str) else ""
