"""The demo's registry behind its real front door, and the sessions of those who open its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from litereg.app import Registry, create_app
from litereg.server.authenticate import COOKIE
from litereg.server.runner import serving
from litereg.settings import Settings
from tests.client import PASSWORD, Caller

# Nobody who tests pages is to run out of tries.
PLENTY = {"max_tries": 10_000, "max_tries_in_all": 100_000, "max_sign_ups": 10_000}


@dataclass
class DemoSite:
    """A registry that is served.

    Attributes:
        url: its address as people know it, prefix included.
        served_at: what it listens on.
        registry: the registry itself.
        routes: the paths that it answers by GET, as patterns, without prefix.
    """

    url: str
    served_at: str
    registry: Registry
    routes: set[str]
    _callers: dict[str, Caller] = field(default_factory=dict)

    async def caller(self, name: str) -> Caller:
        """Return a caller of the API with a session of the user *name*; nobody's for ""."""
        if name not in self._callers:
            caller = Caller(self.registry)
            if name:
                login = await caller.mutate("login", username=name, password=PASSWORD)
                caller = Caller(self.registry, name, login.value)
            self._callers[name] = caller
        return self._callers[name]

    def know(self, caller: Caller) -> None:
        """Take the session of *caller* for that user's browser."""
        self._callers[caller.name] = caller

    async def cookies(self, name: str) -> list[dict[str, object]]:
        """Return what a browser keeps in which *name* has logged in; nothing for ""."""
        if not name:
            return []
        caller = await self.caller(name)
        parts = urlsplit(self.url)
        cookie = {"name": COOKIE, "value": caller.token, "domain": parts.hostname}
        return [cookie | {"path": parts.path or "/", "httpOnly": True, "sameSite": "Lax"}]


@asynccontextmanager
async def open_demo_site(database: Path, **changes: object) -> AsyncIterator[DemoSite]:
    """Serve the registry in *database*, with some settings changed, inside the block."""
    settings = Settings(db=str(database), password_cost=4, **({"port": 0} | PLENTY | changes))
    registry = await Registry.open(settings)
    try:
        app = create_app(settings, registry)
        routes = {
            route.resource.canonical.removeprefix(settings.prefix)
            for route in app.router.routes()
            if route.method == "GET" and route.resource is not None
        }
        async with serving(app, settings) as address:
            url = settings.base_url.rstrip("/") or address
            yield DemoSite(url, address, registry, routes - {""})
    finally:
        await registry.close()
