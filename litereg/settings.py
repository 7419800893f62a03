"""Every setting of litereg, in one table.

A setting is a field of `Settings`: its name, type, default and help. From it come the command-line
flag (`--max-body-bytes`), the environment variable (`LITEREG_MAX_BODY_BYTES`), the key in
litereg.toml (`max_body_bytes`) and the row of the README's table. Flags beat variables beat the
file beat defaults. A secret may also come as a file that systemd keeps for the service alone.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from litereg.errors import CannotStart

FILE_NAME = "litereg.toml"
PREFIX = "LITEREG_"
# Names the folder in which systemd hands a service its secrets, a file each.
CREDENTIALS = "CREDENTIALS_DIRECTORY"
DEFAULT_PORT = {"http": 80, "https": 443}
COMPATIBLE, STRICT = "compatible", "strict"
# The words that a setting takes, where it takes a few only.
CHOICES = {"password_rules": (COMPATIBLE, STRICT)}


def setting(default: Any, help: str, *, is_secret: bool = False) -> Any:
    """Declare one row of the table; a secret is never printed, and no flag can set it."""
    metadata = {"help": help, "is_secret": is_secret}
    return field(default=default, repr=not is_secret, metadata=metadata)


# Without slots, so that what is worked out from the settings is worked out once.
@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a running registry may be told; see the help of each field."""

    db: str = setting("litereg.db", "The database file; made when it is not there.")
    host: str = setting("127.0.0.1", "The address to listen on.")
    port: int = setting(4000, "The port to listen on; 0 takes a free one.")
    base_url: str = setting(
        "", "The address people use, path prefix included; empty: the one listened on."
    )
    tls_cert: str = setting(
        "", "The certificate to serve https with, and those it rests on: a PEM file; needs tls_key."
    )
    tls_key: str = setting("", "The certificate's key: a PEM file that its owner alone can read.")
    trusted_proxies: str = setting(
        "", "Proxies whose X-Forwarded-… headers count: addresses and networks, commas between."
    )
    registry_name: str = setting("litereg", "The name shown in the playground and in messages.")
    hardened: bool = setting(
        False, "Show the schema only to people who are logged in, and give no hints in errors."
    )
    hsts_subdomains: bool = setting(
        False,
        "Where base_url is https: bind all hosts below the registry's to https too, in browsers.",
    )
    sign_up: bool = setting(True, "Whether people may make their own accounts.")
    password_cost: int = setting(
        12,
        "bcrypt's cost: each step up doubles the time of a log-in. Old passwords follow as used.",
    )
    password_rules: str = setting(
        COMPATIBLE,
        "Which passwords may be set: compatible, as old clients know it, or strict, up to 1,024 "
        "characters, nothing demanded, common ones and names refused.",
    )
    log_format: str = setting("text", "The log's form: text or json.")
    metrics: bool = setting(
        False, "Whether /metrics tells Prometheus figures; without a token, this machine only."
    )
    metrics_token: str = setting(
        "", "The Bearer token that /metrics asks for, from wherever.", is_secret=True
    )
    compat_stacktrace: bool = setting(
        False, "Add the one-line exception.stacktrace that old DataPM clients read to errors."
    )
    labels_open_reading: bool = setting(
        False, "Whether people who are not logged in may read labels and public packages."
    )
    labels_open_changing: bool = setting(
        False, "Whether everybody who is logged in may change labels, not only label managers."
    )
    labels_strict: bool = setting(
        False, "Refuse to label packages and versions that are not in the catalog yet."
    )
    labels_reassign_is_fine: bool = setting(
        False, "Whether assigning the very label that is already there succeeds."
    )
    labels_log_max: int = setting(
        1_000_000, "Events that the log of labels keeps; older ones are deleted."
    )
    labels_type_table: str = setting(
        "", "A TOML file that says how imports spell the types and names of package URLs."
    )
    smtp_server: str = setting(
        "", "The mail server; empty: no mail is sent, and no address has to be verified."
    )
    smtp_port: int = setting(587, "The mail server's port.")
    smtp_secure: bool = setting(
        False, "Speak TLS to the mail server from the start (port 465), not after STARTTLS."
    )
    smtp_require_tls: bool = setting(
        True,
        "Whether letters, in which links to new passwords stand, go over TLS or not at all; this "
        "machine's own mail server may do without.",
    )
    smtp_user: str = setting("", "Who to log in to the mail server as; empty: nobody.")
    smtp_password: str = setting(
        "", "The password for the mail server; sent over TLS or to this machine.", is_secret=True
    )
    smtp_from_address: str = setting("", "The address that mail comes from.")
    smtp_from_name: str = setting("", "The name that mail comes from; empty: the registry's.")
    max_tries: int = setting(
        10,
        "Wrong passwords for one name and from one address, and resets asked for from one "
        "address, in each rate_window_s.",
    )
    max_tries_in_all: int = setting(
        1_000, "Tries to log in, to sign up and to reset a password in each rate_window_s, each."
    )
    max_sign_ups: int = setting(100, "Accounts made from one address in each rate_window_s.")
    rate_window_s: float = setting(300.0, "Seconds in which used-up tries come back.")
    max_body_bytes: int = setting(32 * 1024 * 1024, "The longest request body, unpacked.")
    max_body_bytes_anonymous: int = setting(
        1024 * 1024, "The longest request body of somebody who is not logged in, unpacked."
    )
    max_connections: int = setting(1_000, "Connections at once; more are closed at once.")
    max_running: int = setting(64, "Requests executed at once; more wait, then are answered 503.")
    max_waiting_writes: int = setting(256, "Changes that wait for the disk; more get 503.")
    max_waiting_passwords: int = setting(16, "Passwords that wait to be checked; more get 503.")
    header_timeout_s: float = setting(10.0, "Seconds a client has to send a request's headers.")
    body_timeout_s: float = setting(15.0, "Seconds a client has for a body, plus 1 per 64 KiB.")
    idle_timeout_s: float = setting(60.0, "Seconds an idle connection is kept open.")
    execution_timeout_s: float = setting(
        10.0, "Seconds one operation may take; an import, 60 at least."
    )
    shutdown_timeout_s: float = setting(8.0, "Seconds that requests have to finish at the end.")
    max_tokens: int = setting(20_000, "Tokens in a document of a viewer who is logged in.")
    max_tokens_anonymous: int = setting(1_000, "Tokens in a document of an anonymous viewer.")
    max_depth: int = setting(15, "Levels of fields in a document, introspection apart.")
    max_aliases: int = setting(30, "Aliases in a document.")
    max_fields: int = setting(500, "Fields in a document, counted through fragments.")
    max_same_keys: int = setting(20, "Selections under one name in one selection set.")
    max_spreads: int = setting(50, "Fragment spreads in a document.")
    max_directives: int = setting(50, "Directives in a document.")
    max_root_mutations: int = setting(10, "Fields at the root of a mutation.")
    max_operations: int = setting(10, "Operations in a document, and requests in a batch.")
    max_nodes: int = setting(100_000, "Items in the connections of one answer, all together.")
    max_cost: int = setting(
        500_000, "Fields and items in one answer, all together; where it has errors, 10 each."
    )
    max_import_entries: int = setting(
        100_000, "Packages and versions in the files of one import through the API."
    )
    max_variables_depth: int = setting(32, "Levels of lists and objects in variables.")
    # Where each setting came from, by its name; no setting itself.
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server; if so, addresses of new accounts must be verified."""
        return bool(self.smtp_server)

    @property
    def scheme(self) -> str:
        """What is spoken at the address that is listened on: http or https."""
        return "https" if self.tls_cert else "http"

    @cached_property
    def url(self) -> str:
        """The registry's address as people use it, without a slash at the end."""
        return (self.base_url or f"{self.scheme}://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def hostname(self) -> str:
        """The host part of the registry's address."""
        return urlsplit(self.url).hostname or self.host

    @cached_property
    def url_port(self) -> int:
        """The port part of the registry's address, the scheme's own when it names none."""
        parts = urlsplit(self.url)
        return parts.port or DEFAULT_PORT.get(parts.scheme, self.port)

    @cached_property
    def prefix(self) -> str:
        """The path prefix of the registry's address: "" or "/a/b"."""
        return urlsplit(self.url).path.rstrip("/")


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


def table() -> list[Field[Any]]:
    """Return the settings in their order."""
    return [row for row in fields(Settings) if "help" in row.metadata]


def load(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Return the settings in force.

    Raises:
        CannotStart: a name is unknown, a value is not of its type, or base_url is no address.
    """
    found = sources(flags, environment, folder)
    origins = {source.name: source.origin for source in found}
    for source in found:
        if source.name == "base_url":
            _require_address(source)
        if source.name in CHOICES:
            _require_choice(source, CHOICES[source.name])
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
        if isinstance(value, bool):
            raise ValueError(value)
        return wanted(value)
    except (TypeError, ValueError):
        raise CannotStart(
            "SETTINGS_INVALID", f"{where}: {value!r} is not a value of type {wanted.__name__}"
        ) from None


def _boolean(text: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if str(text).lower() not in words:
        raise ValueError(text)
    return words[str(text).lower()]
