"""The composition root: the only file that knows all the parts.

Settings → Database → schema → engine → HTTP application.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from graphql import GraphQLSchema

from litereg.access import Viewer
from litereg.gql.binding import bind
from litereg.gql.engine import Engine
from litereg.registry import identity, rooms
from litereg.registry.names import CHECKS
from litereg.settings import Settings
from litereg.store import Database


def sdl() -> str:
    """Return the schema as SDL: the API's reference manual."""
    base = (files("litereg.gql") / "schema.graphql").read_text("utf-8")
    return f"{base}\n{rooms.sdl()}"


def make_schema() -> GraphQLSchema:
    """Return the one executable schema, with both wings in it."""
    return bind(sdl(), rooms.RESOLVERS, CHECKS)


class Registry:
    """A registry at work: its database and its engine.

    Attributes:
        settings: what it was told.
        database: its file.
        engine: what answers requests.
    """

    def __init__(self, settings: Settings, database: Database, engine: Engine) -> None:
        self.settings = settings
        self.database = database
        self.engine = engine

    @classmethod
    async def open(cls, settings: Settings) -> Registry:
        """Open the registry whose file the settings name.

        Raises:
            CannotStart: the file cannot be served.
        """
        database = await Database.open(
            Path(settings.db), read_timeout_s=settings.execution_timeout_s
        )

        async def after_answer(viewer: Viewer, now: int) -> None:
            await identity.touch(database, viewer, now)

        engine = Engine(make_schema(), database, settings, identity.identify, after_answer)
        return cls(settings, database, engine)

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        self.engine.close()
        await self.database.close()
