"""What is done around every handler: request ids, one shape of refusal, straight paths."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from multidict import CIMultiDict
from yarl import URL

from litereg.server.keys import REQUEST_ID, Lifecycle, request_id_of
from litereg.server.replies import (
    TEXT,
    Refused,
    Reply,
    allow,
    connection_headers,
    page_headers,
    refused_by,
)
from litereg.settings import Settings

SLASHES: Final = re.compile(r"//+")

_log = logging.getLogger(__name__)


Refuse = Callable[[web.Request, Refused], web.StreamResponse]


def make_frame(settings: Settings, lifecycle: Lifecycle, refuse: Refuse) -> Middleware:
    """Return the middleware that frames every handler; *refuse* answers what none of them did."""
    common = connection_headers(settings)

    @web.middleware
    async def frame(request: web.Request, handler: Handler) -> web.StreamResponse:
        request_id = request[REQUEST_ID] = request_id_of(request.headers)
        try:
            if request.match_info.http_exception is None:
                response = await handler(request)
            else:
                response = await _without_route(request)
        except web.HTTPException as error:
            response = refuse(request, refused_by(error))
        except Exception:
            _log.exception("request %s met a defect", request_id)
            broken = Refused(500, f"Internal server error (request {request_id})")
            response = refuse(request, broken)
        response.headers["X-Request-Id"] = request_id
        if common:
            response.headers.update(common)
        if lifecycle.stopping:
            response.force_close()
        return response

    return frame


async def _without_route(request: web.Request) -> web.StreamResponse:
    """Answer a request that no route took: once its slashes are straight, or OPTIONS, or not."""
    match: web.UrlMappingMatchInfo = request.match_info
    path = request.rel_url.raw_path
    if "//" in path:
        # Some clients glue an address that ends in a slash to one that begins with one, and do not
        # follow redirects.
        query = request.rel_url.raw_query_string
        straight = URL.build(path=SLASHES.sub("/", path), query_string=query, encoded=True)
        app = request.app
        request = request.clone(rel_url=straight)
        match = await app.router.resolve(request)
        match.add_app(app)
        if match.http_exception is None:
            request._match_info = match
            return await match.handler(request)
    error = match.http_exception or web.HTTPNotFound()
    if request.method == "OPTIONS" and isinstance(error, web.HTTPMethodNotAllowed):
        return Reply(status=204, headers=_options(error))
    raise error


def _options(error: web.HTTPMethodNotAllowed) -> CIMultiDict[str]:
    """Return the headers that say which methods a path answers. To other sites they say nothing."""
    headers = page_headers(TEXT, cache_control="no-store")
    del headers["Content-Type"]
    headers["Allow"] = allow(error)
    return headers
