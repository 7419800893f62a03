"""Tell load balancers, process supervisors and two kinds of clients that the server is well.

None of these answers is logged: they come every few seconds and say the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from aiohttp import web

from litereg.server.keys import LIFECYCLE, REQUEST_ID
from litereg.server.replies import HEALTH_JSON, JSON, Reply, page_headers

# Reads something and raises when that fails; returns what else is not well, or None.
Ready = Callable[[], Awaitable[str | None]]

# What the Terraform provider for JFrog's catalog wants to read before it does anything.
XRAY_VERSION: Final = "3.137.27"

_log = logging.getLogger(__name__)


class Health:
    """Answers how the server is."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready

    def routes(self) -> list[web.RouteDef]:
        """Return which address answers which question."""
        return [
            web.get("/healthz", self._alive),
            web.get("/readyz", self._readiness),
            web.get("/.well-known/apollo/server-health", self._apollo),
            web.get("/catalog/api/v1/system/app_health", self._catalog),
            web.get("/xray/api/v1/system/version", self._xray),
        ]

    async def _alive(self, request: web.Request) -> Reply:
        """Say that the process answers; nothing else is looked at."""
        return _reply(200, {"status": "pass"})

    async def _apollo(self, request: web.Request) -> Reply:
        return _reply(200, {"status": "pass"}, HEALTH_JSON)

    async def _readiness(self, request: web.Request) -> Reply:
        """Say whether requests may be sent here: the database reads, and nothing is stopping.

        A registry that can only be read is still worth being asked.
        """
        if request.app[LIFECYCLE].stopping:
            return _reply(503, {"status": "fail", "reason": "stopping"})
        try:
            concern = await self._ready()
        except Exception:
            return _reply(503, {"status": "fail", "reason": _unreadable(request)})
        if concern is not None:
            return _reply(200, {"status": "warn", "reason": concern})
        return _reply(200, {"status": "pass"})

    async def _catalog(self, request: web.Request) -> Reply:
        """Answer in the words of JFrog's catalog; its clients refuse to work without them."""
        reads = await self._database_reads(request)
        body = {
            "entitlements": {
                "entitled_for_catalog": True,
                "has_central_token": True,
                "token_expired": False,
            },
            "central": {"central_connection_working": True},
            "db_connection_working": reads,
            "one_model_available": True,
            "code": "OK" if reads else "ERROR",
        }
        return _reply(200 if reads else 503, body)

    async def _xray(self, request: web.Request) -> Reply:
        return _reply(200, {"xray_version": XRAY_VERSION})

    async def _database_reads(self, request: web.Request) -> bool:
        try:
            await self._ready()
        except Exception:
            _unreadable(request)
            return False
        return True


def _unreadable(request: web.Request) -> str:
    """Log the exception that is being handled, and return what strangers may know of it."""
    _log.exception("request %s found the database unreadable", request[REQUEST_ID])
    return "the database cannot be read"


def _reply(status: int, body: dict[str, Any], content_type: str = JSON) -> Reply:
    headers = page_headers(content_type, cache_control="no-store")
    reply = Reply(status=status, body=orjson.dumps(body), headers=headers)
    reply.logged = False
    return reply
