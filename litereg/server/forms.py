"""Small pages with a form, for links that people open from a letter or a terminal.

Opening such a link changes nothing, because mail programs and previews open links too: a button
does. What the button does is for each page to say.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from litereg.server.authenticate import Authenticator
from litereg.server.bodies import Bodies
from litereg.server.replies import HTML, Refused, Reply, page_headers
from litereg.settings import Settings

MAX_FORM_BYTES: Final = 4096
CSP: Final = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


class Forms:
    """Shows pages with forms, and reads what the forms send."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings.registry_name
        self._prefix = settings.prefix
        self._authenticator = Authenticator(settings.url)
        self._bodies = Bodies(replace(settings, max_body_bytes=MAX_FORM_BYTES))

    def page(self, status: int, title: str, content: str, script: str = "") -> Reply:
        """Return a page of *content*, which is HTML; nothing but *script* runs in it."""
        heading, name = escape(title), escape(self._name)
        element = f"<script>{script}</script>\n" if script else ""
        text = (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{heading} · {name}</title>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n"
            f"{content}\n</main>\n{element}</body>\n</html>\n"
        )
        headers = page_headers(HTML, cache_control="no-store", csp=_csp(script))
        # Under "no-referrer" a browser that sends no Sec-Fetch-Site would hide the form's origin.
        headers["Referrer-Policy"] = "same-origin"
        return Reply(status=status, body=text.encode(), headers=headers)

    def form(self, path: str, fields: str, button: str) -> str:
        """Return a form of *fields*, which are HTML, that is sent to *path* by its button."""
        # Whoever opens a link to this page where its answer stands gets the page anew: without the
        # query, a browser would only move on to the link's fragment.
        action = escape(f"{self._prefix}{path}?sent", quote=True)
        return (
            f'<form method="post" action="{action}">\n{fields}\n'
            f"<button>{escape(button)}</button>\n</form>"
        )

    async def read(self, request: web.Request) -> dict[str, str]:
        """Return the fields of a form that one of our own pages sent.

        Raises:
            Refused: another site sent it; or it is too long for a form, or does not arrive.
        """
        if not self._authenticator.same_origin(request):
            raise Refused(403, "use the button on the page of the link")
        body = await self._bodies.read(request)
        self._bodies.release(len(body))
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def hidden(name: str, value: str = "") -> str:
    """Return a field that is not seen."""
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def _csp(script: str) -> str:
    if not script:
        return CSP
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{CSP}; script-src 'sha256-{digest}'"
