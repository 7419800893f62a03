"""The page behind a one-time log-in link, which ends with a session cookie.

The page has a button, and the button uses the link up. It works without JavaScript.
"""

from __future__ import annotations

from html import escape
from typing import Final

from aiohttp import web

from litereg import operations
from litereg.gql.engine import Engine, Request
from litereg.server.authenticate import COOKIE
from litereg.server.forms import Forms, hidden
from litereg.server.keys import REQUEST_ID
from litereg.server.proxies import Proxies
from litereg.server.replies import Refused, Reply, refusal
from litereg.settings import Settings

PATH: Final = "/log-in"
# A session lives no longer, however often it is used.
COOKIE_LIFE_S: Final = 30 * 24 * 60 * 60
TITLE: Final = "Log in"
MESSAGE_USED: Final = "This link has been used, or is too old. Ask for another one."


class LogIn:
    """Answers the address that `litereg user login-link` prints."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._forms = Forms(settings)
        self._proxies = Proxies(settings)
        self._document = operations.document("use_login_link")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without prefix."""
        return [web.get(PATH, self.ask), web.post(PATH, self.use)]

    async def ask(self, request: web.Request) -> Reply:
        """Show the button."""
        token = hidden("token", request.query.get("token", ""))
        name = escape(self._settings.registry_name)
        form = self._forms.form(PATH, token, "Log in")
        return self._forms.page(
            200, TITLE, f"<p>This link logs you in to {name}, once.</p>\n{form}"
        )

    async def use(self, request: web.Request) -> web.StreamResponse:
        """Use the link up, and send the browser on with a session."""
        try:
            token = (await self._forms.read(request)).get("token", "")
        except Refused as refused:
            return refusal(refused)
        address = self._proxies.client(request)
        asked = Request(self._document, None, {"token": token}, address=address)
        answer = await self._engine.answer(asked, None, request[REQUEST_ID])
        session = (answer.body.get("data") or {}).get("useLoginLink")
        if session is None:
            return self._forms.page(410, TITLE, f"<p>{MESSAGE_USED}</p>")
        prefix = self._settings.prefix
        reply = Reply(status=303, headers={"Location": f"{prefix}/playground"})
        reply.set_cookie(
            COOKIE,
            session,
            max_age=COOKIE_LIFE_S,
            path=prefix or "/",
            httponly=True,
            samesite="Lax",
            secure=self._settings.url.startswith("https:"),
        )
        return reply
