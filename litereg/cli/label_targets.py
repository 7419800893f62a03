"""What a label is put on, as it is typed: package URLs, or `TYPE NAME [VERSION…]`.

The second form says every name there is, exactly. Package URLs are spelled as imports spell them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from litereg.cli.failures import WrongUse

if TYPE_CHECKING:
    from litereg.labels.imports.type_table import TypeTable

# Type, name, and version unless the package as a whole is meant.
Named = tuple[str, str, str | None]

PURL = "pkg:"
HELP = """\b
WHAT is one of
  TYPE NAME                      a package as a whole: npm lodash
  TYPE NAME VERSION...           single versions: npm lodash 4.17.20 4.17.21
  PURL...                        the same as package URLs: pkg:npm/lodash@4.17.21"""
ONE_OR_VERSIONS = "Name one package as a whole, or any number of versions, but not both at once."


class Targets(NamedTuple):
    """A package as a whole, or versions.

    Attributes:
        package: the package, as the API takes it; None when it is about versions.
        versions: the versions, as the API takes them.
    """

    package: dict[str, str] | None
    versions: list[dict[str, Any]]

    def __str__(self) -> str:
        """Return what they are, as people say it."""
        if self.package is not None:
            return f"{self.package['type']} {self.package['name']}"
        if len(self.versions) > 1:
            return f"{len(self.versions)} versions"
        (version,) = self.versions
        package = version["publicPackage"]
        return f"{package['type']} {package['name']} {version['version']}"


def parse_targets(words: Sequence[str], table: TypeTable) -> Targets:
    """Return what *words* name.

    Raises:
        WrongUse: they name nothing, or too different things at once.
    """
    named = _purls(words, table) if words[0].startswith(PURL) else _typed(words)
    whole = [_package(type_, name) for type_, name, version in named if version is None]
    if whole and len(named) > 1:
        raise WrongUse(ONE_OR_VERSIONS)
    if whole:
        return Targets(whole[0], [])
    versions = [
        {"publicPackage": _package(type_, name), "version": version}
        for type_, name, version in named
    ]
    return Targets(None, versions)


def _typed(words: Sequence[str]) -> list[Named]:
    if len(words) < 2:
        raise WrongUse(f"{words[0]}: name a type and a package, or a package URL (pkg:…).")
    type_, name, *versions = words
    # An empty version stays one, for the registry to refuse: no slip labels the whole package.
    return [(type_, name, version) for version in versions or (None,)]


def _purls(words: Sequence[str], table: TypeTable) -> list[Named]:
    from litereg.labels.imports.entries import Entry

    named: list[Named] = []
    for word in words:
        found = table.purl(word, word)
        if not isinstance(found, Entry):
            raise WrongUse(f"{word}: {found.reason}.")
        named.append((found.type, found.name, found.version or None))
    return named


def _package(type_: str, name: str) -> dict[str, str]:
    return {"type": type_, "name": name}
