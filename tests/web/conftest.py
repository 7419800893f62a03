"""A real registry behind its real front door, and a browser without scripts."""

from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp
import pytest

from litereg.app import create_app
from litereg.server.runner import serving
from tests.client import PASSWORD

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """Opens pages and presses buttons as a browser without scripts does, cookies included."""

    def __init__(self, url, session, routes):
        self.url = url
        self.routes = routes
        self._session = session

    async def get(self, path, **options):
        return await self._send("GET", path, headers={**HTML, **options.pop("headers", {})})

    async def post(self, path, data, headers=SAME_ORIGIN):
        """Send a form; the answer is not followed."""
        return await self._send("POST", path, data=data, headers={**HTML, **headers})

    async def post_files(self, path, fields, headers=SAME_ORIGIN):
        """Send a form with files: pairs of a name and a text, or a file's name and content."""
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields:
            if isinstance(value, tuple):
                form.add_field(name, value[1], filename=value[0])
            else:
                form.add_field(name, value)
        return await self.post(path, form, headers)

    async def _send(self, method, path, **options):
        response = await self._session.request(
            method, self.url + path, allow_redirects=False, **options
        )
        response.page = (await response.read()).decode(errors="replace")
        return response

    def cookie(self, name):
        """Return what the browser keeps under a name; None when nothing."""
        found = [cookie.value for cookie in self._session.cookie_jar if cookie.key == name]
        return found[0] if found else None

    async def log_in(self, name):
        response = await self.post("/log-in", {"username": name, "password": PASSWORD})
        assert response.status == 303, response.page


@pytest.fixture
async def open_site(registry):
    """Return a function that serves the registry with some settings changed, to a new browser."""
    async with AsyncExitStack() as stack:

        async def open_site(**changes):
            settings = replace(registry.settings, port=0, **changes)
            app = create_app(settings, registry)
            routes = [resource.canonical for resource in app.router.resources()]
            url = await stack.enter_async_context(serving(app, settings))
            jar = aiohttp.CookieJar(unsafe=True)
            session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            return Browser(url, session, routes)

        yield open_site


@pytest.fixture
async def site(open_site):
    return await open_site()
