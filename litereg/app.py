"""The composition root: the only file that knows all the parts.

Settings → Database → schema → engine → HTTP application.
"""

from __future__ import annotations

import asyncio
import ipaddress
import platform
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import GraphQLSchema

from litereg import __version__
from litereg.access import ANONYMOUS, Credentials
from litereg.errors import CannotStart, StorageFull
from litereg.gql.binding import bind
from litereg.gql.engine import Engine
from litereg.labels import rooms as labels
from litereg.labels.imports.entries import UnreadableFile
from litereg.labels.imports.type_table import load_type_table
from litereg.registry import identity, package_file, rooms, scanning
from litereg.registry.images import service as images
from litereg.registry.images.queries import Stored
from litereg.registry.mail import outbox
from litereg.registry.names import CHECKS
from litereg.registry.password_rules import form_check
from litereg.registry.search import service as search
from litereg.registry.sessions import service as sessions
from litereg.registry.users import queries as users
from litereg.settings import COMPATIBLE, Settings, in_force
from litereg.store import Database, Transaction
from litereg.store.backup import Backup, back_up
from litereg.store.connection import require_usable
from litereg.store.database import no_room, prepare
from litereg.store.filesystem import warn_of_network
from litereg.store.lock import ServerLock

if TYPE_CHECKING:
    from aiohttp import web

    from litereg.server.images import ImagePath
    from litereg.web.upkeep import Upkeep


@cache
def sdl() -> str:
    """Return the schema as SDL: the API's reference manual."""
    base = (files("litereg.gql") / "schema.graphql").read_text("utf-8")
    return f"{base}\n{rooms.sdl()}\n{labels.sdl()}"


def make_schema(rules: str = COMPATIBLE) -> GraphQLSchema:
    """Return the one executable schema, with both wings in it; made once, and never changed.

    Its text is the same whichever the *rules* of passwords are.
    """
    return _make_schema(rules)


@cache
def _make_schema(rules: str) -> GraphQLSchema:
    checks = {**CHECKS, "validPassword": form_check(rules)}
    return bind(sdl(), (*rooms.RESOLVERS, *labels.RESOLVERS), checks)


class Registry:
    """A registry at work: its database and its engine.

    Attributes:
        settings: what it was told.
        database: its file.
        engine: what answers requests.
        last_uses: writes down when sessions and keys were used.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        engine: Engine,
        last_uses: identity.LastUses,
    ) -> None:
        self.settings = settings
        self.database = database
        self.engine = engine
        self.last_uses = last_uses

    @classmethod
    async def open(cls, settings: Settings, *, is_prepared: bool = False) -> Registry:
        """Open the registry whose file the settings name.

        With *is_prepared*, `litereg.store.database.prepare` has done its work on the file already.

        Raises:
            CannotStart: the file cannot be served.
        """
        # A schema that cannot be served leaves no file open behind it.
        schema = make_schema(settings.password_rules)
        database = await Database.open(
            Path(settings.db),
            read_timeout_s=settings.execution_timeout_s,
            max_waiting_writes=settings.max_waiting_writes,
            is_prepared=is_prepared,
        )
        try:
            await search.ensure_current(database)
            if settings.requires_second_factor:
                await sessions.end_one_factor_sessions(database)
        except BaseException as error:
            await database.close()
            if isinstance(error, StorageFull):
                raise no_room(database.path) from error
            raise

        last_uses = identity.LastUses(database)
        engine = Engine(schema, database, settings, identity.identify, last_uses.note)
        return cls(settings, database, engine, last_uses)

    @asynccontextmanager
    async def backed_up(self) -> AsyncIterator[Backup]:
        """Yield a checked backup in a temporary folder beside the database, gone after the block.

        Nobody waits for it: it is made on a thread, in a snapshot of its own.

        Raises:
            Damaged: the database is not sound.
            StorageFull: there is no room for a second copy.
        """
        path = self.database.path
        with tempfile.TemporaryDirectory(prefix=f"{path.name}.backup-", dir=path.parent) as folder:
            yield await asyncio.to_thread(back_up, path, Path(folder) / path.name)

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        self.engine.close()
        await self.last_uses.settle()
        await self.database.close()


def create_app(settings: Settings, registry: Registry) -> web.Application:
    """Return the HTTP application that serves *registry*, which stays the caller's to close.

    While it runs, it also sends the letters that wait.

    Raises:
        CannotStart: the settings name a mail server and not all that sending takes.
    """
    # The front door is imported where it is opened: commands that only use the file do without it.
    from litereg.server import make_application
    from litereg.server.postman import Postman

    async def ready() -> str | None:
        await registry.database.read(users.is_empty)
        return "no space is left: changes are refused" if registry.database.is_full else None

    async def find_image(path: ImagePath, credentials: Credentials | None) -> Stored | None:
        subject = images.Subject(images.Owner[path.owner.upper()], path.names)
        kind = images.Kind[path.kind.upper()]
        now = time.time_ns() // 1_000_000

        def find(tx: Transaction) -> Stored | None:
            viewer = identity.identify(tx, credentials, now) if credentials else ANONYMOUS
            return images.find_picture(tx, viewer, subject, kind)

        return await registry.database.read(find)

    app = make_application(
        settings,
        registry.engine,
        sdl=sdl(),
        ready=ready,
        package_file_schema=package_file_schema,
        contents_of=package_file.normalise,
        find_image=find_image,
        upkeep=_upkeep(settings, registry),
        measure=registry.database.measure,
    )
    app.cleanup_ctx.append(Postman(settings, registry.database, outbox).working)
    return app


def _upkeep(settings: Settings, registry: Registry) -> Upkeep:
    """Return what the pages for administrators show beyond the API."""
    from litereg.web.upkeep import Health, Upkeep

    started = time.monotonic()
    path = registry.database.path.absolute()

    def health() -> Health:
        figures = registry.database.measure()
        return Health(
            version=__version__,
            python=platform.python_version(),
            database=path,
            database_bytes=int(figures["database_bytes"]),
            wal_bytes=int(figures["log_bytes"]),
            free_bytes=shutil.disk_usage(path.parent).free,
            uptime_s=time.monotonic() - started,
        )

    return Upkeep(in_force(settings), health, registry.backed_up)


def package_file_schema(version: str) -> dict[str, Any] | None:
    """Return the JSON Schema of a package-file format, "0.9.0" or "current"; None: no such one."""
    name = package_file.FORMATS[-1] if version == "current" else version
    return package_file.schema_of(name) if name in package_file.FORMATS else None


@dataclass(frozen=True, slots=True)
class Started:
    """What is known of a registry once it answers requests.

    Attributes:
        settings: the settings in force, with the port that the system chose when they named none.
        address: what is listened on, `http://127.0.0.1:4000`.
        is_empty: nobody has an account yet, so the first one will be the administrator.
    """

    settings: Settings
    address: str
    is_empty: bool


async def serve(settings: Settings, on_ready: Callable[[Started], None]) -> None:
    """Serve the registry that the settings name until a signal ends it.

    *on_ready* is called once requests are answered.

    Raises:
        CannotStart: the file or the address cannot be served (DATABASE_IN_USE: another process
            does), strangers could become the administrator (SIGN_UP_OPEN), or a setting names a
            file or a program that is of no use (SETTINGS_INVALID).
    """
    from litereg import server
    from litereg.server.interpreter import starting
    from litereg.server.runner import bind
    from litereg.server.tls import context_of

    require_type_table(settings)
    scanning.require_program(settings)
    # Before anything is opened: what it is made of is read again when it is needed.
    context_of(settings)
    path = Path(settings.db)
    require_usable(path)
    lock = ServerLock(path)
    lock.acquire()
    try:
        warn_of_network(path)
        # Before the address is taken: what cannot be served must not look as if it could.
        await asyncio.to_thread(prepare, path)
        with bind(settings) as listener:
            settings = replace(settings, port=listener.getsockname()[1])
            with starting():
                registry = await Registry.open(settings, is_prepared=True)
            try:
                is_empty = await registry.database.read(users.is_empty)
                if is_empty and settings.sign_up:
                    require_loopback(listener.getsockname()[0], settings)
                await server.serve(
                    create_app(settings, registry),
                    settings,
                    lambda address: on_ready(Started(settings, address, is_empty)),
                    listener,
                )
            finally:
                await registry.close()
    finally:
        lock.release()


def require_type_table(settings: Settings) -> None:
    """Refuse to begin with a table of types that no import could use.

    Raises:
        CannotStart: SETTINGS_INVALID.
    """
    try:
        load_type_table(settings.labels_type_table)
    except (OSError, UnreadableFile) as error:
        reason = error.strerror if isinstance(error, OSError) else error.detail
        where = f"labels_type_table: {settings.labels_type_table}"
        raise CannotStart("SETTINGS_INVALID", f"{where}: {reason}") from error


def require_loopback(address: str, settings: Settings) -> None:
    """Refuse to let other machines in as long as whoever comes first becomes the administrator.

    Raises:
        CannotStart: SIGN_UP_OPEN.
    """
    if not ipaddress.ip_address(address).is_loopback:
        raise CannotStart(
            "SIGN_UP_OPEN",
            f"{settings.host} can be reached from other machines, and whoever signs up first "
            "becomes the administrator; make the first account with `litereg user add`, or close "
            "sign-up with --no-sign-up",
        )
