"""What the made registry says: names, descriptions and package files, the same at every run.

Pure: a number in, a text out. Words are made of syllables. Three kinds of them are searched for: a
topic, which a few packages share however many there are; COMMON, which every second package has;
and none, which nobody has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

import orjson

from litereg.registry.package_file import schema_id

# How many packages share a topic.
PER_TOPIC = 60
COMMON = "solar"
VERSIONS = ((1, 0, 0), (1, 0, 1), (1, 1, 0))
PROPERTIES = 13
README_WORDS = 110
# Kinds of tables; a package has one of them.
TABLES = 64
FORMAT = "0.9.0"

_CONSONANTS = "bdfgklmnprtvz"
# No English ending ends in these, so a word is its own stem, which keeps the peers' search simple.
_VOWELS = "aou"
_SYLLABLES = tuple(c + v for c in _CONSONANTS for v in _VOWELS)
_TEXT_WORDS = 60_000


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table that packages hold.

    Attributes:
        title: its name.
        names: the names of its columns.
        fragment: how a package file describes it, as JSON.
    """

    title: str
    names: tuple[str, ...]
    fragment: str


def word(number: int) -> str:
    """Return a word of two or more syllables; different numbers give different words."""
    syllables = ""
    number += len(_SYLLABLES)
    while number:
        number, place = divmod(number, len(_SYLLABLES))
        syllables += _SYLLABLES[place]
    return syllables


def topic(package: int, packages: int) -> str:
    """Return the topic of a package: one of so many that each has about PER_TOPIC of them."""
    return "x" + word(package % max(1, packages // PER_TOPIC))


def display_name(package: int) -> str:
    """Return what a package is called."""
    return f"{word(package % 3_000).title()} {word(package * 7 % 1_100)} {package}"


def slug(package: int) -> str:
    """Return the name of a package in addresses."""
    return f"{word(package % 3_000)}-{package}"


def description(package: int, packages: int) -> str:
    """Return what a package is about, in one sentence."""
    kind = COMMON if package % 2 else "lunar"
    return f"A {kind} table: {_words(package * 13, 12)}, and {topic(package, packages)}."


def readme(package: int) -> str:
    """Return a page on a package, in Markdown."""
    lines = [_words(package * 31 + line * 11, 11) for line in range(README_WORDS // 11)]
    return f"# {display_name(package)}\n\n" + "\n".join(lines) + "\n"


def package_file(package: int, packages: int, version: tuple[int, int, int]) -> str:
    """Return the package file of one version, about 4 KB of JSON."""
    number = ".".join(map(str, version))
    head = orjson.dumps(
        {
            "$schema": schema_id(FORMAT),
            "packageSlug": slug(package),
            "displayName": display_name(package),
            "version": number,
            "description": f"{description(package, packages)} As of {number}.",
            "updatedDate": "2024-05-06T07:08:09.010Z",
            "generatedBy": "the benchmark",
            "canonical": True,
            "website": f"https://example.org/{slug(package)}",
            "readmeMarkdown": readme(package),
        }
    ).decode()
    return f"{head[:-1]},{table(package % TABLES).fragment}}}"


def search_parts(package: int) -> list[str]:
    """Return what a package is found by beside its names: readme, schema titles, properties."""
    found = table(package % TABLES)
    return [readme(package), found.title, *found.names]


@cache
def table(number: int) -> Table:
    """Return one of the TABLES kinds of tables."""
    title = f"table-{number}"
    names = tuple(f"{word(number * PROPERTIES + n)}_{n}" for n in range(PROPERTIES))
    schema = {
        "title": title,
        "recordCount": 1_000 + number,
        "recordCountPrecision": "EXACT",
        "properties": {name: _property(name, number) for name in names},
    }
    stream = {
        "slug": title,
        "configuration": {},
        "schemaTitles": [title],
        "updateMethods": ["BATCH_FULL_SET"],
        "streamStats": {"inspectedCount": 1_000, "recordCount": 1_000 + number},
    }
    source = {
        "type": "http",
        "slug": title,
        "connectionConfiguration": {},
        "configuration": {"uris": [f"https://example.org/{title}.csv"], "mimeType": "text/csv"},
        "streamSets": [stream],
    }
    document = orjson.dumps({"sources": [source], "schemas": [schema]}).decode()
    return Table(title, names, document[1:-1])


def _property(name: str, seed: int) -> dict[str, object]:
    statistics = {
        "recordCount": 990 - seed,
        "numberMaxValue": 1_000.25 + seed,
        "numberMinValue": -seed,
        "stringMinLength": 1,
        "stringMaxLength": 20,
        "stringOptions": {"north": 250, "south": 250},
    }
    return {"title": name, "description": f"The {name} of a row.", "types": {"number": statistics}}


def _words(start: int, count: int) -> str:
    """Return so many words of one long text that was made up once."""
    text = _text()
    start %= len(text) - count
    return " ".join(text[start : start + count])


@cache
def _text() -> list[str]:
    generator = random.Random(20)
    # Like in any language, few words make up most of a text.
    return [word(int(4_000 * generator.random() ** 3)) for _ in range(_TEXT_WORDS)]
