"""Serve https: with a certificate and a key of one's own, and the same limits as without.

asyncio tells a protocol of a connection once its handshake is done, and of what the client has yet
to read only what it has not encrypted. `Secured` counts a connection from the moment it is
accepted, and all that was not read.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from pathlib import Path
from typing import cast

from litereg.errors import CannotStart
from litereg.server.guard import Doorkeeper, Guarded
from litereg.settings import Settings

OTHERS = 0o077


def context_of(settings: Settings) -> ssl.SSLContext | None:
    """Return how to speak TLS, as the settings say; None: not at all.

    Raises:
        CannotStart: SETTINGS_INVALID: one of the files is missing, is not what it should be, or
            the key can be read by others than its owner; with file and reason.
    """
    if not settings.tls_cert and not settings.tls_key:
        return None
    if not (settings.tls_cert and settings.tls_key):
        given, missing = ("tls_cert", "tls_key") if settings.tls_cert else ("tls_key", "tls_cert")
        raise _invalid(f"{given} is set, and {missing} is not; https needs both")
    if settings.base_url.lower().startswith("http:"):
        raise _invalid(f"base_url: {settings.base_url} is not https, which tls_cert makes it")
    _require_readable("tls_cert", Path(settings.tls_cert))
    _require_readable("tls_key", Path(settings.tls_key))
    if (mode := Path(settings.tls_key).stat().st_mode) & OTHERS:
        raise _invalid(
            f"tls_key: {settings.tls_key} can be read by others than its owner "
            f"(mode {mode & 0o777:04o}); chmod 600 it"
        )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        # A key that has a password would make OpenSSL ask for it.
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password="")
    except (ssl.SSLError, ValueError) as error:
        raise _invalid(_reason(settings, error)) from error
    return context


def _require_readable(name: str, path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise _invalid(f"{name}: {path}: {error.strerror}") from error


def _reason(settings: Settings, error: Exception) -> str:
    """Return why *error* says that certificate and key are of no use."""
    if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
        return f"tls_key: {settings.tls_key} is not the key of {settings.tls_cert}"
    if not _holds(settings.tls_cert, b"CERTIFICATE-----"):
        return f"tls_cert: {settings.tls_cert} holds no certificate in PEM form"
    if not _holds(settings.tls_key, b"PRIVATE KEY-----"):
        return f"tls_key: {settings.tls_key} holds no key in PEM form"
    if _holds(settings.tls_key, b"ENCRYPTED"):
        return f"tls_key: {settings.tls_key} has a password, which nobody could enter; remove it"
    return f"tls_cert, tls_key: {settings.tls_cert}, {settings.tls_key}: {error}"


def _holds(path: str, mark: bytes) -> bool:
    return mark in Path(path).read_bytes()


def _invalid(reason: str) -> CannotStart:
    return CannotStart("SETTINGS_INVALID", reason)


class Secured(SSLProtocol):
    """One connection over TLS, around the `Guarded` one that sees what it says."""

    def __init__(
        self,
        guarded: Guarded,
        door: Doorkeeper,
        context: ssl.SSLContext,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(
            loop,
            guarded,
            context,
            # Nobody waits for the handshake to end, and times may be fractions.
            None,  # type: ignore[arg-type]
            server_side=True,
            ssl_handshake_timeout=door.settings.header_timeout_s,  # type: ignore[arg-type]
            ssl_shutdown_timeout=door.settings.idle_timeout_s,
        )
        self._guarded = guarded
        self._door = door
        self._socket: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection in before its handshake, or close it when there are too many."""
        socket = cast(asyncio.Transport, transport)
        if not self._guarded.arrive():
            # asyncio has made this already, and would complain that nobody closed it.
            self._get_app_transport().abort()  # type: ignore[attr-defined]
            socket.abort()
            return
        self._socket = socket
        self._door.handshakes.add(self)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let the connection go, also when nothing was ever said on it."""
        if self._socket is None:
            return
        self._door.handshakes.discard(self)
        if self._guarded.transport is not None:
            # Python 3.11 takes what the client has closed for something that we forgot to close.
            self._guarded.transport.abort()
        super().connection_lost(exc)
        if not self._guarded.has_begun:
            self._guarded.leave()

    def abort(self) -> None:
        """End the handshake, if it is not done."""
        if self._socket is not None and not self._guarded.has_begun:
            self._socket.abort()

    def _get_write_buffer_size(self) -> int:
        """Return how much the client has yet to read, whether or not it is encrypted."""
        size: int = super()._get_write_buffer_size()  # type: ignore[misc]
        return size + (self._socket.get_write_buffer_size() if self._socket is not None else 0)
