"""One view of the contents of a package file, whatever format it is written in.

Used to compare versions and to show them. Each format has its own place for the same thing: the
types of a property stand in `types`, `type` or `valueTypes`, a source inside its schema or beside
it, numbers were once strings. Formats leave much unchecked, so nothing here relies on the shape of
a value: what cannot be read counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Json = Mapping[str, Any]

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")

# What makes a source this source. Left out are hashes and statistics, which change at every update.
_SOURCE_SETTINGS = (
    "uri",
    "uris",
    "configuration",
    "connectionConfiguration",
    "credentialsIdentifier",
    "updateConfiguration",
    "updateCredentialsIdentifier",
)
_STREAM_SETTINGS = ("configuration", "schemaTitles", "updateMethods")


@dataclass(frozen=True, slots=True)
class Values:
    """What is known about the values of one type that a property holds.

    Attributes:
        type: `string`, `number`, `date`, …
        record_count: in how many records the property held a value of this type.
        options: the distinct texts, each with the number of its records, where they are few.
        labels: what the content was recognised as, such as an e-mail address.
        items: for arrays: the same about what is in them.
    """

    type: str
    record_count: int | float | None
    string_min_length: int | float | None
    string_max_length: int | float | None
    number_min: int | float | None
    number_max: int | float | None
    number_max_precision: int | float | None
    number_max_scale: int | float | None
    date_min: str | None
    date_max: str | None
    array_min_length: int | float | None
    array_max_length: int | float | None
    options: tuple[tuple[str, int | float], ...]
    labels: tuple[str, ...]
    items: tuple[Values, ...]


class Property(NamedTuple):
    """A column, or an inner value of one.

    Attributes:
        types: the names of its types, sorted; empty where the file states none.
        format: what the text of a string follows, such as `email`, in formats before 0.9.0.
        records_missing: in how many records the property did not appear.
        statistics: what the file says about the values, by type; `values` reads it.
        properties: what objects in it hold, be they its values or items of its arrays.
    """

    name: str
    title: str | None
    description: str | None
    types: tuple[str, ...]
    format: str | None
    unit: str | None
    hidden: bool
    record_count: int | float | None
    records_missing: int | float | None
    byte_count: int | float | None
    statistics: Json
    properties: tuple[Property, ...]

    @property
    def values(self) -> tuple[Values, ...]:
        """What is known about the values, type by type; read anew at each call."""
        # Showing needs them, comparing does not, and they are most of a file.
        return _all_values(self.statistics)


@dataclass(frozen=True, slots=True)
class Schema:
    """One kind of record.

    Attributes:
        title: what names the schema across versions; empty where the file gives none.
        record_count_precision: `EXACT`, `APPROXIMATE`, `GREATER_THAN`, or None where not told.
        parser: media type and configuration, in formats of 2020.
    """

    title: str
    description: str | None
    types: tuple[str, ...]
    format: str | None
    unit: str | None
    hidden: bool
    record_count: int | float | None
    record_count_precision: str | None
    byte_count: int | float | None
    parser: Json | None
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from.

    Attributes:
        slug: what names the source across versions: its own, or the title of its schema in formats
            that keep a source inside a schema.
        type: the kind of connector, `http` for one; the protocol in the first format.
        settings: how to reach it and what to read, by the names that the file uses.
        streams: the same for each of its stream sets, by slug; statistics are left out.
        schema_titles: the schemas that it feeds.
    """

    slug: str
    type: str | None
    settings: Json
    streams: Mapping[str, Json]
    schema_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package file holds beside its texts."""

    schemas: tuple[Schema, ...]
    sources: tuple[Source, ...]


def normalise(document: Json) -> Contents:
    """Return the contents of a valid package file of any format; the order of the file is kept."""
    schemas = _objects(document.get("schemas"))
    inner = (_schema_source(schema) for schema in schemas)
    beside = (_source(source) for source in _objects(document.get("sources")))
    return Contents(
        schemas=tuple(map(_schema, schemas)),
        sources=tuple(source for source in (*inner, *beside) if source is not None),
    )


def _schema(schema: Json) -> Schema:
    return Schema(
        title=_text(schema.get("title")) or "",
        description=_text(schema.get("description")),
        # Newer formats do not say any more what was always so.
        types=_types(schema) or ("object",),
        format=_text(schema.get("format")),
        unit=_text(schema.get("unit")),
        hidden=schema.get("hidden") is True,
        record_count=_number(schema.get("recordCount")),
        record_count_precision=_precision(schema),
        byte_count=_number(schema.get("byteCount")),
        parser=_object(schema.get("parser")) or None,
        properties=_properties(schema),
    )


def _properties(holder: Json) -> tuple[Property, ...]:
    return tuple(_property(name, entry) for name, entry in _inner_entries(holder).items())


def _property(name: str, entry: Any) -> Property:
    stated = _object(entry)
    return Property(
        name=name,
        title=_text(stated.get("title")),
        description=_text(stated.get("description")),
        types=_types(stated),
        format=_text(stated.get("format")),
        unit=_text(stated.get("unit")),
        hidden=stated.get("hidden") is True,
        record_count=_number(stated.get("recordCount")),
        records_missing=_number(stated.get("recordsNotPresent")),
        byte_count=_number(stated.get("byteCount")),
        statistics=_object(stated.get("types") or stated.get("valueTypes")),
        properties=_properties(stated),
    )


def _inner_entries(holder: Json) -> Json:
    """Return the entries of inner properties: stated directly, or within the types (0.31.5)."""
    entries = dict(_object(holder.get("properties")))
    pending = [_object(holder.get("types"))]
    while pending:
        types = pending.pop()
        inner = _object(_object(types.get("object")).get("objectProperties"))
        entries = {**inner, **entries}
        pending += filter(None, [_object(_object(types.get("array")).get("arrayTypes"))])
    return entries


def _types(holder: Json) -> tuple[str, ...]:
    stated = holder.get("types") or holder.get("type") or holder.get("valueTypes")
    if isinstance(stated, str):
        return (stated,)
    if isinstance(stated, list | dict):
        return tuple(sorted({name for name in stated if isinstance(name, str)}))
    return ()


def _all_values(statistics: Json) -> tuple[Values, ...]:
    return tuple(_values(name, _object(of)) for name, of in statistics.items())


def _values(name: str, stated: Json) -> Values:
    options = _object(stated.get("stringOptions")).items()
    labels = _objects(stated.get("contentLabels"))
    return Values(
        type=name,
        record_count=_number(stated.get("recordCount")),
        string_min_length=_number(stated.get("stringMinLength")),
        string_max_length=_number(stated.get("stringMaxLength")),
        number_min=_number(stated.get("numberMinValue")),
        number_max=_number(stated.get("numberMaxValue")),
        number_max_precision=_number(stated.get("numberMaxPrecision")),
        number_max_scale=_number(stated.get("numberMaxScale")),
        date_min=_text(stated.get("dateMinValue")),
        date_max=_text(stated.get("dateMaxValue")),
        array_min_length=_number(stated.get("arrayMinLength")),
        array_max_length=_number(stated.get("arrayMaxLength")),
        options=tuple((text, count) for text, of in options if (count := _number(of)) is not None),
        labels=tuple(text for label in labels if (text := _text(label.get("label")))),
        items=_all_values(_object(stated.get("arrayTypes"))),
    )


def _schema_source(schema: Json) -> Source | None:
    """Return the source that stands inside *schema*, as in the formats before 0.3.0."""
    stated = _object(schema.get("source"))
    if not stated:
        return None
    title = _text(schema.get("title")) or ""
    return Source(
        slug=title,
        type=_text(stated.get("type")) or _text(stated.get("protocol")),
        settings=_picked(stated, _SOURCE_SETTINGS),
        streams={},
        schema_titles=(title,),
    )


def _source(stated: Json) -> Source:
    streams = list(_objects(stated.get("streamSets")))
    titles = (title for stream in streams for title in _titles(stream))
    return Source(
        slug=_text(stated.get("slug")) or "",
        type=_text(stated.get("type")),
        settings=_picked(stated, _SOURCE_SETTINGS),
        streams={_text(of.get("slug")) or "": _picked(of, _STREAM_SETTINGS) for of in streams},
        schema_titles=tuple(dict.fromkeys(titles)),
    )


def _titles(stream: Json) -> Iterator[str]:
    titles = stream.get("schemaTitles")
    if isinstance(titles, list):
        yield from (title for title in titles if isinstance(title, str))


def _picked(stated: Json, names: tuple[str, ...]) -> Json:
    return {name: stated[name] for name in names if name in stated}


def _precision(schema: Json) -> str | None:
    if schema.get("recordCountApproximate") is True:
        return "APPROXIMATE"
    return _text(schema.get("recordCountPrecision"))


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> int | float | None:
    """Return a number, written as one or, as before 0.4.0, as text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
