"""Find out which settings are in force, and where each of them came from.

Flags beat variables beat the file beat defaults. A secret may also come as a file that systemd
keeps for the service alone; variables and flags beat that, and it beats litereg.toml.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from litereg.errors import CannotStart
from litereg.settings.table import CHOICES, DEFAULT_PORT, Settings, bounds_of, table

FILE_NAME = "litereg.toml"
PREFIX = "LITEREG_"
# Names the folder in which systemd hands a service its secrets, a file each.
CREDENTIALS = "CREDENTIALS_DIRECTORY"


@dataclass(frozen=True, slots=True)
class Source:
    """A setting's value and where it came from: default, file, variable or flag."""

    name: str
    value: Any
    origin: str
    help: str
    is_secret: bool = False

    @property
    def shown(self) -> str:
        """The value as it may be printed."""
        if self.is_secret and self.value:
            return "(set)"
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


def load(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Return the settings in force.

    Raises:
        CannotStart: a name is unknown, or a value is not of its type or of no use.
    """
    found = sources(flags, environment, folder)
    origins = {source.name: source.origin for source in found}
    for source in found:
        if source.name == "base_url":
            _require_address(source)
        if source.name in CHOICES:
            _require_choice(source, CHOICES[source.name])
        _require_bounds(source)
    return Settings(**{source.name: source.value for source in found}, origins=origins)


def in_force(settings: Settings) -> list[Source]:
    """Return each of *settings* with its origin; "program" is whoever changed it after loading."""
    found = []
    for row in table():
        value = getattr(settings, row.name)
        origin = settings.origins.get(row.name, "default")
        if origin == "default" and value != row.default:
            origin = "program"
        found.append(Source(row.name, value, origin, **row.metadata))
    return found


def sources(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> list[Source]:
    """Return each setting with its value and origin; *flags* that are None were not given.

    Raises:
        CannotStart: a name is unknown or a value is not of its type.
    """
    flags = flags or {}
    environment = os.environ if environment is None else environment
    file = _read_file((folder or Path.cwd()) / FILE_NAME)
    types = get_type_hints(Settings)
    found = []
    for row in table():
        variable = PREFIX + row.name.upper()
        value, origin = row.default, "default"
        if row.name in file:
            value, origin = file[row.name], FILE_NAME
        if row.metadata["is_secret"]:
            credential = _read_credential(environment, row.name)
            value, origin = (value, origin) if credential is None else (credential, CREDENTIALS)
        if variable in environment:
            value, origin = environment[variable], variable
        if flags.get(row.name) is not None:
            value, origin = flags[row.name], "--" + row.name.replace("_", "-")
        value = _convert(value, types[row.name], f"{origin} ({row.name})")
        found.append(Source(row.name, value, origin, **row.metadata))
    return found


def _require_address(source: Source) -> None:
    """Refuse what no link could begin with.

    Raises:
        CannotStart: SETTINGS_INVALID.
    """
    if not source.value:
        return
    try:
        parts = urlsplit(source.value)
        # Reading the port is what checks it.
        is_fine = parts.scheme in DEFAULT_PORT and parts.hostname and parts.port != 0
    except ValueError:
        is_fine = False
    if not is_fine:
        raise CannotStart(
            "SETTINGS_INVALID",
            f"{source.origin} ({source.name}): {source.value!r} is no address that begins with "
            "http:// or https:// and names a host",
        )


def _require_choice(source: Source, choices: Sequence[str]) -> None:
    """Refuse a word that a setting does not know.

    Raises:
        CannotStart: SETTINGS_INVALID.
    """
    if source.value not in choices:
        raise CannotStart(
            "SETTINGS_INVALID",
            f"{source.origin} ({source.name}): {source.value!r} is none of {', '.join(choices)}",
        )


def _require_bounds(source: Source) -> None:
    """Refuse a number with which nothing could work.

    Raises:
        CannotStart: SETTINGS_INVALID.
    """
    bounds = bounds_of(source.name, source.value)
    # What is no number at all, NaN, is between no two of them.
    if bounds is not None and not bounds[0] <= source.value <= bounds[1]:
        least, most = bounds
        raise CannotStart(
            "SETTINGS_INVALID",
            f"{source.origin} ({source.name}): {source.value} is not from {least:,} to {most:,}",
        )


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CannotStart("SETTINGS_INVALID", f"{path}: {error}") from error
    unknown = sorted(set(content) - {row.name for row in table()})
    if unknown:
        raise CannotStart("SETTINGS_INVALID", f"{path}: unknown setting {', '.join(unknown)}")
    return content


def _read_credential(environment: Mapping[str, str], name: str) -> str | None:
    """Return the secret *name* that systemd hands over; None when it hands over none."""
    folder = environment.get(CREDENTIALS)
    if not folder:
        return None
    path = Path(folder) / name
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise CannotStart("SETTINGS_INVALID", f"{path}: it cannot be read as text") from error


def _convert(value: Any, wanted: type, where: str) -> Any:
    if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
        return value
    try:
        if wanted is bool:
            return _boolean(value)
        # Of 4.5, nobody may be given 4.
        is_part = wanted is int and isinstance(value, float) and not value.is_integer()
        if isinstance(value, bool) or is_part:
            raise ValueError(value)
        return wanted(value)
    except (TypeError, ValueError, OverflowError):
        raise CannotStart(
            "SETTINGS_INVALID", f"{where}: {value!r} is not a value of type {wanted.__name__}"
        ) from None


def _boolean(text: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if str(text).lower() not in words:
        raise ValueError(text)
    return words[str(text).lower()]
