"""How the catalog spells what package URLs and lockfiles name: their type and their name.

Package URLs have their own words (`golang`, a namespace beside the name); the clients of the labels
API have others (`go`, one name with the namespace in it). One table leads from the first to the
second, and a TOML file can change it:

    cargo = "Crates"                                            # another type, the same name
    deb = { type = "Debian", name = "{namespace}/{name}" }      # another name too
    generic = ""                                                # left out of imports

Source: the package-url specification and its list of types; JFrog's clients for the spellings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from packageurl import PackageURL
from packaging.utils import canonicalize_name

from litereg.labels.imports.entries import Entry, Found, Place, UnreadableFile, checked, skipped

PURL_TYPE = re.compile(r"[a-z][a-z0-9.+-]*")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")

NOT_A_PURL = "this is no package URL"
LEFT_OUT = "the type table leaves this type out"


class Spelling(NamedTuple):
    """How packages of one purl type are called in the catalog.

    Attributes:
        type: the catalog's type; empty leaves such packages out.
        name: the catalog's name, with `{name}` and, where it has one, `{namespace}`. Without a
            namespace, whatever stands before `{name}` falls away.
        namespace: stands in for a namespace that is not given.
    """

    type: str
    name: str = "{namespace}/{name}"
    namespace: str = ""

    def name_of(self, namespace: str, name: str) -> str:
        """Return the catalog's name."""
        namespace = namespace or self.namespace
        form = self.name if namespace else self.name[self.name.index("{name}") :]
        parts = {"{namespace}": namespace, "{name}": name}
        return PLACEHOLDER.sub(lambda found: parts[found[0]], form)


# Distributors stand in the namespace of deb, apk and rpm; it is no part of the package's name.
SPELLINGS: Mapping[str, Spelling] = {
    "npm": Spelling("npm"),
    "pypi": Spelling("pypi", "{name}"),
    "maven": Spelling("maven", "{namespace}:{name}"),
    "golang": Spelling("go"),
    "docker": Spelling("docker", namespace="library"),
    "rpm": Spelling("rpm", "{name}"),
    "huggingface": Spelling("Hugging Face"),
    "deb": Spelling("deb", "{name}"),
    "apk": Spelling("apk", "{name}"),
}


class TypeTable:
    """Turns names as package URLs have them into entries of the catalog.

    A purl type that is not in the table keeps its own word and the name `namespace/name`.
    """

    def __init__(self, changes: Mapping[str, Spelling] | None = None) -> None:
        self._spellings = {**SPELLINGS, **(changes or {})}

    def entry(self, purl_type: str, namespace: str, name: str, version: str, place: Place) -> Found:
        """Return the entry of a package, or why there is none; an empty *version* means all."""
        spelling = self._spellings.get(purl_type) or Spelling(purl_type)
        if not spelling.type:
            return skipped(place, f"{purl_type} {name} {version}", LEFT_OUT)
        if purl_type == "pypi":
            name = canonicalize_name(name)
        return checked(Entry(spelling.type, spelling.name_of(namespace, name), version, place))

    def purl(self, text: str, place: Place, version: str = "") -> Found:
        """Return the entry of a package URL; *version* counts where it has none itself.

        Qualifiers and subpath are dropped.
        """
        try:
            purl = PackageURL.from_string(text.strip())
        except ValueError:
            return skipped(place, text, NOT_A_PURL)
        return self.entry(
            purl.type, purl.namespace or "", purl.name, purl.version or version, place
        )


def load_type_table(path: Path | str) -> TypeTable:
    """Return the table with the changes in the file at *path*; an empty path changes nothing.

    Raises:
        OSError: it cannot be opened.
        UnreadableFile: see `read_type_table`.
    """
    if not str(path):
        return TypeTable()
    with Path(path).open("rb") as file:
        return read_type_table(file)


def read_type_table(file: BinaryIO) -> TypeTable:
    """Return the table with the changes that a TOML file makes to it.

    Raises:
        UnreadableFile: it is not TOML, or says something that no table can.
    """
    try:
        content = tomllib.load(file)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"this is no TOML: {error}") from error
    return TypeTable({key: _spelling(key, value) for key, value in content.items()})


def _spelling(purl_type: str, value: Any) -> Spelling:
    if not PURL_TYPE.fullmatch(purl_type):
        raise UnreadableFile(f"{purl_type}: the type of a package URL is in small letters")
    known = SPELLINGS.get(purl_type) or Spelling(purl_type)
    if isinstance(value, str):
        return known._replace(type=value)
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise UnreadableFile(f"{purl_type}: a text is wanted, or a table of texts")
    unknown = sorted(set(value) - {"type", "name"})
    if unknown:
        raise UnreadableFile(f"{purl_type}: unknown word {', '.join(unknown)}; type or name")
    spelling = known._replace(**value)
    found = PLACEHOLDER.findall(spelling.name)
    if found.count("{name}") != 1 or not set(found) <= {"{name}", "{namespace}"}:
        raise UnreadableFile(f"{purl_type}: the name is made of {{name}}, once, and {{namespace}}")
    return spelling
