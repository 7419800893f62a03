"""Every setting of litereg, in one table.

A setting is a field of `Settings`: its name, type, default and help. From it come the command-line
flag (`--max-body-bytes`), the environment variable (`LITEREG_MAX_BODY_BYTES`), the key in
litereg.toml (`max_body_bytes`) and the row of the README's table.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

DEFAULT_PORT = {"http": 80, "https": 443}
COMPATIBLE, STRICT = "compatible", "strict"
BCRYPT, SCRYPT = "bcrypt", "scrypt"
OPTIONAL, REQUIRED = "optional", "required"
# The words that a setting takes, where it takes a few only.
CHOICES = {
    "log_format": ("text", "json"),
    "password_rules": (COMPATIBLE, STRICT),
    "password_hash": (BCRYPT, SCRYPT),
    "second_factor": (OPTIONAL, REQUIRED),
}
# The least and the most that numbers may be, and seconds: what is beyond them does not work, here
# or in what litereg is made of.
MAX_NUMBER, MAX_S = 2**31 - 1, 7 * 24 * 3600
NUMBERS, SECONDS = (1, MAX_NUMBER), (0.001, MAX_S)
# Where a setting has other ones.
BOUNDS = {
    "port": (0, 65_535),
    "smtp_port": (1, 65_535),
    "password_cost": (4, 31),
    "rate_window_s": (1, MAX_S),
    "shutdown_timeout_s": (0, MAX_S),
    # None at all is a limit that works.
    **dict.fromkeys(
        ("labels_log_max", "max_aliases", "max_spreads", "max_directives", "max_import_entries"),
        (0, MAX_NUMBER),
    ),
}


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
    password_hash: str = setting(
        BCRYPT,
        "How passwords are kept: bcrypt or scrypt (N = 2^17, 128 MiB while one is checked). Old "
        "passwords follow as used.",
    )
    password_cost: int = setting(
        12,
        "bcrypt's cost, 4 to 31, of no meaning to scrypt: each step up doubles the time of a "
        "log-in. Old passwords follow as used.",
    )
    password_rules: str = setting(
        COMPATIBLE,
        "Which passwords may be set: compatible, as old clients know it, or strict, up to 1,024 "
        "characters, nothing demanded, common ones and names refused.",
    )
    scan_command: str = setting(
        "",
        "A program, such as clamdscan --no-summary -, that gets each picture and package file on "
        "its standard input before it is stored: exit status 0 lets it pass, 1 refuses it.",
    )
    scan_timeout_s: float = setting(
        30.0, "Seconds that scan_command may take for one file; the file does not pass then."
    )
    second_factor: str = setting(
        OPTIONAL,
        "Whether log-ins by password need a one-time code too: optional, for who has set it up, or "
        "required, for everybody.",
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
        "address, in each rate_window_s; wrong one-time codes of one user, in twelve of them.",
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
    def requires_second_factor(self) -> bool:
        """Whether everybody who logs in by password needs a one-time code too."""
        return self.second_factor == REQUIRED

    @property
    def scheme(self) -> str:
        """What is spoken at the address that is listened on: http or https."""
        return "https" if self.tls_cert else "http"

    @cached_property
    def url(self) -> str:
        """The registry's address as people use it, without a slash at the end."""
        return (self.base_url or f"{self.scheme}://{openable(self.host)}:{self.port}").rstrip("/")

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


def openable(host: str) -> str:
    """Return *host*, an address to listen on, as it stands in an address that can be opened here.

    Nobody can open the one that stands for all addresses of a machine.
    """
    try:
        address = ipaddress.ip_address(host or "0.0.0.0")  # noqa: S104 - nothing listens here
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host


def bounds_of(name: str, value: object) -> tuple[float, float] | None:
    """Return the least and the most that a setting may be; None where its *value* is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return BOUNDS.get(name) or (NUMBERS if isinstance(value, int) else SECONDS)


def table() -> list[Field[Any]]:
    """Return the settings in their order."""
    return [row for row in fields(Settings) if "help" in row.metadata]
