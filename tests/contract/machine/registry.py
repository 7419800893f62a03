"""A registry that is asked through its engine, in this process: no HTTP and no passwords.

Answers are read into the same plain values that the model gives.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from litereg.access import Credentials
from litereg.app import Registry
from litereg.errors import LiteregError
from litereg.gql.engine import Request
from litereg.registry import accounts
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest
from litereg.registry.users.inputs import CreateUser
from litereg.settings import Settings
from tests.contract.machine.things import Refused


class Asked:
    """A registry that can be emptied; opening another one would take longer than its life."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._registry = self._run(Registry.open(Settings(db=str(path))))
        self._empty = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(path)) as now:
            now.backup(self._empty)

    def begin_again(self) -> None:
        """Make the registry what it was at first."""
        with closing(sqlite3.connect(self._path)) as now:
            self._empty.backup(now)

    def close(self) -> None:
        self._run(self._registry.close())
        self._loop.close()
        self._empty.close()

    def sign_up(self, name: str, token: str) -> None:
        """Make an account and a session of it, as createMe does but for the password."""
        value = CreateUser(username=name, email_address=f"{token}@example.org", password="")
        now = time.time_ns() // 1_000_000

        def work(tx):
            accounts.require_free(tx, value.email_address, value.username)
            user_id = accounts.create(tx, value, None, now)
            sessions.insert_session(tx, digest(token), user_id, now)

        try:
            self._run(self._registry.database.write(work))
        except LiteregError as error:
            raise Refused(error.reason) from error

    def ask(self, token: str | None, document: str, variables: dict) -> dict:
        """Return the data of an answer.

        Raises:
            Refused: the one error there is, by its reason.
        """
        credentials = Credentials(token, "bearer") if token else None
        request = Request(document, None, variables)
        answer = self._run(self._registry.engine.answer(request, credentials, "test"))
        errors = answer.body.get("errors", [])
        if errors:
            (error,) = errors
            raise Refused(_reason(error))
        return answer.body["data"]

    def _run(self, coroutine):
        return self._loop.run_until_complete(coroutine)


def _reason(error: dict) -> str:
    """Return what clients look for in an error; about versions that is its code."""
    extensions = error["extensions"]
    if extensions["code"] == "HIGHER_VERSION_REQUIRED":
        return f"{extensions['code']} {extensions['minNextVersion']}"
    if extensions["code"] == "VERSION_EXISTS":
        return extensions["code"]
    return error["message"].partition(":")[0]
