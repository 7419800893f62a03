"""The page behind a one-time log-in link, which ends with a session cookie.

Opening the link changes nothing, because mail programs and previews open links too: the page has a
button, and the button uses the link up. It works without JavaScript.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from litereg import operations
from litereg.gql.engine import Engine, Request
from litereg.server.authenticate import COOKIE, Authenticator
from litereg.server.bodies import Bodies
from litereg.server.keys import REQUEST_ID
from litereg.server.replies import HTML, Refused, Reply, page_headers, refusal
from litereg.settings import Settings

PATH: Final = "/log-in"
# A session lives no longer, however often it is used.
COOKIE_LIFE_S: Final = 30 * 24 * 60 * 60
MAX_FORM_BYTES: Final = 4096
CSP: Final = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
MESSAGE_USED: Final = "This link has been used, or is too old. Ask for another one."


class LogIn:
    """Answers the address that `litereg user login-link` prints."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._authenticator = Authenticator(settings.url)
        self._bodies = Bodies(replace(settings, max_body_bytes=MAX_FORM_BYTES))
        self._document = operations.document("use_login_link")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without prefix."""
        return [web.get(PATH, self.ask), web.post(PATH, self.use)]

    async def ask(self, request: web.Request) -> Reply:
        """Show the button."""
        token = request.query.get("token", "")
        name = escape(self._settings.registry_name)
        action = escape(self._settings.prefix + PATH, quote=True)
        return self._page(
            200,
            f"<p>This link logs you in to {name}, once.</p>\n"
            f'<form method="post" action="{action}">\n'
            f'<input type="hidden" name="token" value="{escape(token, quote=True)}">\n'
            "<button>Log in</button>\n</form>",
        )

    async def use(self, request: web.Request) -> web.StreamResponse:
        """Use the link up, and send the browser on with a session."""
        if not self._authenticator.same_origin(request):
            return refusal(Refused(403, "log in from the page of the link"))
        try:
            token = await self._token(request)
        except Refused as refused:
            return refusal(refused)
        asked = Request(self._document, None, {"token": token})
        answer = await self._engine.answer(asked, None, request[REQUEST_ID])
        session = (answer.body.get("data") or {}).get("useLoginLink")
        if session is None:
            return self._page(410, f"<p>{MESSAGE_USED}</p>")
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

    async def _token(self, request: web.Request) -> str:
        """Return what the form holds; "" for a form that holds none.

        Raises:
            Refused: the form is too long for one, or does not arrive.
        """
        body = await self._bodies.read(request)
        self._bodies.release(len(body))
        return parse_qs(body.decode(errors="replace")).get("token", [""])[0]

    def _page(self, status: int, content: str) -> Reply:
        name = escape(self._settings.registry_name)
        text = (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>Log in · {name}</title>\n</head>\n<body>\n<main>\n<h1>Log in</h1>\n"
            f"{content}\n</main>\n</body>\n</html>\n"
        )
        headers = page_headers(HTML, cache_control="no-store", csp=CSP)
        # Under "no-referrer" a browser that sends no Sec-Fetch-Site would hide the form's origin.
        headers["Referrer-Policy"] = "same-origin"
        return Reply(status=status, body=text.encode(), headers=headers)
