"""A running front door: real HTTP, engine and database, and a schema of a few fields."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from types import ModuleType
from urllib.parse import urlsplit

import aiohttp
import pytest

from litereg.access import ANONYMOUS, Viewer
from litereg.errors import NotAuthenticated
from litereg.gql.binding import bind
from litereg.gql.engine import Engine
from litereg.gql.resolver import resolver
from litereg.registry.images.pictures import Picture
from litereg.server.application import make_application
from litereg.server.images import ImagePath
from litereg.server.runner import serving
from litereg.settings import Settings
from litereg.store import Database
from litereg.web.upkeep import Upkeep

SDL = '''
"""What the tests of the front door ask."""
type Query {
  hello(name: String): String!
  me: String
  sum(numbers: [Int!]!): Int!
  broken: String
}

type Mutation {
  note(text: String!): String!
}
'''
TOKEN = "a-good-token"
PICTURES = {
    ImagePath("user", ("cat",), "avatar"): Picture(b"a cat", "image/png", b"c" * 32),
}
PRIVATE_PICTURES = {
    ImagePath("package", ("ann", "dog"), "cover"): Picture(b"a dog", "image/jpeg", b"d" * 32),
}
SCHEMAS = {"0.1.0": {"title": "first"}, "0.3.20": {"title": "seed"}, "current": {"title": "newest"}}


@resolver("Query.hello")
def hello(ctx, *, name=None):
    return f"Hello, {name or 'world'}!"


@resolver("Query.me")
def me(ctx):
    return ctx.viewer.username or None


@resolver("Query.sum")
def sum_of(ctx, *, numbers):
    return sum(numbers)


@resolver("Query.broken")
def broken(ctx):
    raise ZeroDivisionError("a detail that is nobody's business")


@resolver("Mutation.note")
def note(ctx, *, text):
    return text


def identify(tx, credentials, now):
    if credentials.token != TOKEN:
        raise NotAuthenticated("API_KEY_NOT_FOUND")
    return Viewer(7, "ann", is_admin=False)


def after_answer(viewer, now):
    assert viewer == ANONYMOUS or viewer.username == "ann"


class Site:
    """A running front door and a client of it."""

    def __init__(self, url, session, app, engine):
        self.url = url
        self.app = app
        self.engine = engine
        self.host, self.port = urlsplit(url).hostname, urlsplit(url).port
        self._session = session

    def request(self, method, path, **options):
        return self._session.request(method, self.url + path, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    async def connect(self):
        return await asyncio.open_connection(self.host, self.port)


async def ready():
    """Say that the database can be read."""


async def find_image(path, credentials):
    """Find the picture of cat, for whoever asks, and that of ann's private dog for ann."""
    if credentials is not None and credentials.token != TOKEN:
        raise NotAuthenticated("API_KEY_NOT_FOUND")
    return PICTURES.get(path) or (credentials and PRIVATE_PICTURES.get(path))


def contents_of(document):
    """Read what a package file holds; none is shown here."""
    raise NotImplementedError


def application(settings, engine, ready=ready, measure=dict):
    return make_application(
        settings,
        engine,
        sdl=SDL,
        ready=ready,
        package_file_schema=SCHEMAS.get,
        contents_of=contents_of,
        find_image=find_image,
        # No page for administrators is opened here.
        upkeep=Upkeep((), None, None),
        measure=measure,
    )


@asynccontextmanager
async def running(engine, settings, ready=ready, measure=dict):
    app = application(settings, engine, ready, measure)
    async with serving(app, settings) as url, aiohttp.ClientSession() as session:
        yield Site(url, session, app, engine)


@cache
def make_schema():
    rooms = ModuleType("rooms")
    rooms.__dict__.update(globals())
    return bind(SDL, [rooms])


@asynccontextmanager
async def real_engine(folder, settings):
    database = await Database.open(folder / "test.db")
    engine = Engine(make_schema(), database, settings, identify, after_answer)
    try:
        yield engine
    finally:
        engine.close()
        await database.close()


def settings_of(**changes):
    return Settings(**{"port": 0, **changes})


@pytest.fixture
async def start(tmp_path):
    """Return a function that starts a front door with the settings given; all end with the test."""
    async with AsyncExitStack() as stack:

        async def start(engine=None, ready=ready, measure=dict, **changes):
            settings = settings_of(**changes)
            if engine is None:
                engine = await stack.enter_async_context(real_engine(tmp_path, settings))
            return await stack.enter_async_context(running(engine, settings, ready, measure))

        yield start


@pytest.fixture
async def site(start):
    return await start()
