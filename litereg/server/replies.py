"""Responses and their headers: what every answer carries, and how every refusal looks.

A refusal is JSON whatever its status: `{"errors": [{"message", "extensions": {"code"}}]}`, so that
a client that reads GraphQL answers reads all of them. Which refusal fits is decided by whoever
refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiohttp import web
from multidict import CIMultiDict

from litereg.server.long_answers import Pieces
from litereg.settings import Settings

JSON: Final = "application/json; charset=utf-8"
GRAPHQL_JSON: Final = "application/graphql-response+json; charset=utf-8"
HEALTH_JSON: Final = "application/health+json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"

# Nothing that is sent here loads anything or is put into a frame; pages that do say so themselves.
CLOSED_CSP: Final = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

_COMMON: Final = {
    "Server": "litereg",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

HSTS: Final = "max-age=31536000"

CODES: Final = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "REQUEST_TIMEOUT",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    417: "EXPECTATION_FAILED",
    431: "HEADERS_TOO_LARGE",
    500: "INTERNAL_SERVER_ERROR",
    503: "UNAVAILABLE",
}


class Refused(Exception):
    """A request that is answered with an error status before, or instead of, being executed.

    Attributes:
        status: the HTTP status.
        message: why, for people.
        headers: what else the answer carries, such as `Allow`.
        close: the connection cannot be used again.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        close: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.close = close


class Reply(web.Response):
    """A complete response, with what the log wants to know of it.

    Attributes:
        operation: the GraphQL operation that was answered, or None.
        logged: whether it is worth a line in the log.
    """

    operation: str | None = None
    logged: bool = True


def _headers(content_type: str, cache_control: str, csp: str = CLOSED_CSP) -> CIMultiDict[str]:
    return CIMultiDict(
        {
            "Content-Type": content_type,
            "Cache-Control": cache_control,
            "Content-Security-Policy": csp,
            **_COMMON,
        }
    )


# Copying these is several times faster than building them, and every answer needs them.
_API: Final = {media_type: _headers(media_type, "no-store") for media_type in (JSON, GRAPHQL_JSON)}


def api_reply(status: int, body: Any, media_type: str = JSON) -> Reply:
    """Return *body*, as JSON, as the answer of an API: never cached."""
    return Reply(status=status, body=orjson.dumps(body), headers=_API[media_type].copy())


def long_api_reply(status: int, body: Pieces, media_type: str) -> Reply:
    """Return the answer of an API whose body, as JSON, comes in pieces."""
    return Reply(status=status, body=body, headers=_API[media_type].copy())


def api_headers(media_type: str) -> Mapping[str, str]:
    """Return what every answer of *media_type* carries."""
    return _API[media_type]


def connection_headers(settings: Settings) -> Mapping[str, str]:
    """Return what every answer carries because of how people reach the registry."""
    if not settings.url.startswith("https:"):
        return {}
    below = "; includeSubDomains" if settings.hsts_subdomains else ""
    return {"Strict-Transport-Security": HSTS + below}


def refusal(refused: Refused, media_type: str = JSON) -> Reply:
    """Return *refused* as it goes to the wire."""
    code = CODES.get(refused.status, "BAD_REQUEST")
    error = {"message": refused.message, "extensions": {"code": code}}
    reply = api_reply(refused.status, {"errors": [error]}, media_type)
    reply.headers.update(refused.headers)
    if refused.close:
        reply.force_close()
    return reply


def refused_by(error: web.HTTPException) -> Refused:
    """Return what aiohttp refused in our own words and shape."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = allow(error)
        return Refused(405, f"only {allowed} are answered here", {"Allow": allowed})
    if isinstance(error, web.HTTPNotFound):
        return Refused(404, "there is nothing at this address")
    return Refused(error.status, error.reason)


def allow(error: web.HTTPMethodNotAllowed) -> str:
    """Return the methods that a path answers, for `Allow`."""
    return ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))


def page_headers(
    content_type: str, *, cache_control: str = "no-cache", csp: str = CLOSED_CSP
) -> CIMultiDict[str]:
    """Return the headers of something that is no answer of an API: a page, a file, a text."""
    return _headers(content_type, cache_control, csp)
