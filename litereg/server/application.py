"""Put the front door together: which address leads where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from litereg.gql.engine import Engine
from litereg.server.authenticate import Authenticator
from litereg.server.documents import Documents, MayRead, PackageFileSchema
from litereg.server.express_lane import EXPRESS, ExpressLane
from litereg.server.graphql import PATHS, Endpoint
from litereg.server.health import Health, Ready
from litereg.server.images import FindImage, Images
from litereg.server.keys import LIFECYCLE, Lifecycle
from litereg.server.middleware import make_frame
from litereg.server.playground import Playground
from litereg.server.registry_headers import RegistryHeaders
from litereg.server.slots import Slots
from litereg.server.turns import Line
from litereg.settings import Settings
from litereg.web import pages
from litereg.web.package_files import ContentsOf
from litereg.web.site import Site
from litereg.web.upkeep import Upkeep

if TYPE_CHECKING:
    from litereg.server.metrics import Measure


def make_application(
    settings: Settings,
    engine: Engine,
    *,
    sdl: str,
    ready: Ready,
    package_file_schema: PackageFileSchema,
    contents_of: ContentsOf,
    find_image: FindImage,
    upkeep: Upkeep,
    measure: Measure = dict,
) -> web.Application:
    """Return the application that serves *engine*; `litereg.server.serve` runs it.

    Args:
        settings: the settings in force.
        engine: answers GraphQL.
        sdl: the schema's text.
        ready: reads something from the database, and raises when that fails.
        package_file_schema: JSON Schema of a package-file format, by its number ("0.9.0") or
            "current"; None when there is no such format.
        contents_of: the schemas and sources of a package file, the same for all formats.
        find_image: a picture as whoever asks for it may see it.
        upkeep: what the pages for administrators show beyond the API.
        measure: the figures of the database for /metrics, where the settings turn that on.
    """
    lifecycle = Lifecycle()
    slots = Slots(settings.max_running)
    site = Site(engine, settings, slots, contents_of, upkeep)
    app = web.Application(middlewares=[make_frame(settings, lifecycle, site.refuse)])
    app[LIFECYCLE] = lifecycle
    playground = Playground(settings, site.viewer)
    endpoint = Endpoint(engine, settings, slots, playground.page)
    line = Line(settings.max_running)
    app[EXPRESS] = ExpressLane(PATHS, endpoint.answer_at_once, settings, lifecycle, line, slots)
    marked = [
        *Documents(
            sdl,
            _schema_readers(engine, settings),
            package_file_schema,
            is_open=not settings.hardened,
        ).routes(),
        web.get("/playground", playground.open),
    ]
    headers = RegistryHeaders(settings)
    routes = [
        *_graphql(endpoint),
        *Health(ready).routes(),
        *_metrics(app, settings, measure),
        *Images(settings, find_image).routes(),
        web.get("/assets/{name}", playground.asset),
        web.get("/assets/{version}/{name}", playground.asset),
        *(_at(route.path, route, headers.on(route.handler)) for route in marked),
        *pages.routes(site),
    ]
    site.reserve(route.path for route in routes if not route.path.startswith("/{"))
    app.add_routes(routes)
    if settings.prefix:
        # A proxy passes the prefix on or strips it; both reach us.
        app.add_routes(_at(settings.prefix + route.path, route, route.handler) for route in routes)
        home = next(route for route in routes if route.path == "/")
        app.add_routes([web.get(settings.prefix, home.handler)])
    return app


def _schema_readers(engine: Engine, settings: Settings) -> MayRead:
    """Return what says who may read the schema: everybody, or in a hardened registry the known."""
    authenticator = Authenticator(settings)

    async def may_read(request: web.Request) -> bool:
        if not settings.hardened:
            return True
        credentials = authenticator.credentials_to_read(request)
        return credentials is not None and await engine.knows(credentials)

    return may_read


def _metrics(app: web.Application, settings: Settings, measure: Measure) -> list[web.RouteDef]:
    if not settings.metrics:
        return []
    # Only where it is wanted: importing it takes longer than opening a small registry.
    from litereg.server.metrics import Metrics

    metrics = Metrics(settings, measure)
    app.cleanup_ctx.append(metrics.counting)
    return metrics.routes()


def _graphql(endpoint: Endpoint) -> list[web.RouteDef]:
    routes = []
    for path in PATHS:
        routes += [web.get(path, endpoint.getter(path)), web.post(path, endpoint.post)]
    return routes


def _at(path: str, route: web.RouteDef, handler: Handler) -> web.RouteDef:
    """Return *route*, moved to *path* and to *handler*."""
    return web.RouteDef(route.method, path, handler, route.kwargs)
