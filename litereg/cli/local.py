"""Open the registry in a file for one command, and call it without a server.

The documents, the schema and the permissions are those of a server; only the log-in is left out:
who can open the file says who they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from litereg.access import ANONYMOUS, Viewer
from litereg.app import Registry
from litereg.cli.callers import Body, Caller
from litereg.cli.failures import Failure
from litereg.errors import CannotStart, LiteregError
from litereg.gql.documents import Rejected
from litereg.gql.errors import format_errors, plain_error
from litereg.registry.administration import service as administration
from litereg.settings import Settings
from litereg.store import Transaction

T = TypeVar("T")


class LocalRegistry:
    """A registry that is open in this process; its methods wait for what they do."""

    def __init__(self, runner: asyncio.Runner, registry: Registry) -> None:
        self._runner = runner
        self._registry = registry
        self.settings = registry.settings

    @classmethod
    @contextmanager
    def open(cls, settings: Settings, make: bool = False) -> Iterator[LocalRegistry]:
        """Open the file that the settings name; only with *make* is it made when absent.

        Raises:
            CannotStart: there is no such file, or it cannot be used.
        """
        if not make and not Path(settings.db).exists():
            raise CannotStart(
                "DATABASE_NOT_FOUND",
                f"{settings.db}: there is no such file; name a registry's file with --db, or make "
                "one with `litereg serve`",
            )
        with asyncio.Runner() as runner:
            registry = runner.run(Registry.open(settings))
            try:
                yield cls(runner, registry)
            finally:
                runner.run(registry.close())

    def read(self, fn: Callable[..., T], *args: object) -> T:
        """Return `fn(tx, *args)`, run in one snapshot."""
        return self._runner.run(self._registry.database.read(fn, *args))

    def write(self, fn: Callable[..., T], *args: object, heavy: bool = False) -> T:
        """Return `fn(tx, *args)` once what it changed is on the disk; see `Database.write`."""
        return self._runner.run(self._registry.database.write(fn, *args, heavy=heavy))

    def viewer(self, username: str | None) -> Viewer:
        """Return who *username* is, or nobody when it is None.

        Raises:
            NotFound: USER_NOT_FOUND.
            Failure: the user is suspended.
        """
        return ANONYMOUS if username is None else self.read(_viewer, username)

    def caller(self, username: str | None) -> LocalCaller:
        """Return a caller who acts as *username*, or as nobody when it is None; see `viewer`."""
        return LocalCaller(self, self.viewer(username))

    def send(self, viewer: Viewer, query: str, variables: Mapping[str, object]) -> Body:
        """Return the answer that *viewer* gets to a document."""
        try:
            answer = self._runner.run(self._registry.engine.run(viewer, query, variables))
        except Rejected as rejected:
            return {"errors": format_errors(rejected.errors, self.settings, "local")}
        except LiteregError as error:
            return {"errors": [plain_error(error)]}
        body: Body = answer.body
        return body


class LocalCaller(Caller):
    """Calls an open registry as one viewer."""

    def __init__(self, registry: LocalRegistry, viewer: Viewer) -> None:
        self._registry = registry
        self._viewer = viewer

    def send(self, query: str, variables: Mapping[str, object]) -> Body:
        """Return the answer to a document; see `Caller.send`."""
        return self._registry.send(self._viewer, query, variables)


def _viewer(tx: Transaction, username: str) -> Viewer:
    user = administration.get_user(tx, username)
    if user.status != "ACTIVE":
        raise Failure(f"{user.username} is suspended; `litereg user activate` lets them in again")
    return Viewer(user.id, user.username, user.is_admin)
