"""For administrators: how the registry is, what it was told, and a backup of it.

Each page asks the API how much there is first, which only administrators are told.
"""

from __future__ import annotations

import asyncio
import base64
import time
from typing import Any, BinaryIO

from aiohttp import web

from litereg.errors import Damaged, StorageFull
from litereg.server.keys import REQUEST_ID
from litereg.server.replies import Refused, page_headers
from litereg.store.backup import Backup
from litereg.web.site import Site

PATH = "/admin"
SETTINGS_PATH = "/admin/settings"
BACKUP_PATH = "/admin/backup"
SQLITE = "application/vnd.sqlite3"
CHUNK_BYTES = 256 * 1024


def routes(site: Site) -> list[web.RouteDef]:
    """Return the pages' routes."""
    # A backup takes as much room as the database, and a while: one at a time.
    making = asyncio.Lock()

    async def show(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, "admin.html", health=site.upkeep.health())

    async def show_settings(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, "admin_settings.html", settings=site.upkeep.settings)

    async def show_backup(request: web.Request) -> web.StreamResponse:
        return await _page(site, request, "admin_backup.html", health=site.upkeep.health())

    async def back_up(request: web.Request) -> web.StreamResponse:
        await site.form(request)
        answered = await site.ask(request, "admin_status")
        if answered.errors:
            return site.refused(request, answered)
        if making.locked():
            text = "Another backup is being made. Try again in a moment."
            raise Refused(503, text, {"Retry-After": "10"})
        async with making:
            try:
                async with site.upkeep.backed_up() as backup:
                    file = backup.path.open("rb")
            except StorageFull:
                raise Refused(503, "The disk has no room for a copy of the registry.") from None
            except Damaged as error:
                raise Refused(500, f"The registry is damaged: {error.detail}") from None
            # The file has no name any more: whatever happens now, nothing of it stays.
            with file:
                return await _send(request, backup, file)

    return [
        web.get(PATH, site.handler(show)),
        web.get(SETTINGS_PATH, site.handler(show_settings)),
        web.get(BACKUP_PATH, site.handler(show_backup)),
        web.post(BACKUP_PATH, site.handler(back_up)),
    ]


async def _page(
    site: Site, request: web.Request, template: str, **values: Any
) -> web.StreamResponse:
    answered = await site.ask(request, "admin_status")
    if answered.errors:
        return site.refused(request, answered)
    return site.page(
        request, template, answered, status=200, there=answered.data["adminStatus"], **values
    )


async def _send(request: web.Request, backup: Backup, file: BinaryIO) -> web.StreamResponse:
    """Send a backup, which is in *file*, with its SHA-256 as a digest of the answer (RFC 9530)."""
    stem, dot, suffix = backup.path.name.rpartition(".")
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = f"{stem or suffix}-{moment}{dot}{suffix if stem else ''}"
    headers = page_headers(SQLITE, cache_control="no-store")
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    digest = base64.b64encode(bytes.fromhex(backup.sha256)).decode()
    headers["Repr-Digest"] = f"sha-256=:{digest}:"
    headers["X-Request-Id"] = request[REQUEST_ID]
    response = web.StreamResponse(headers=headers)
    response.content_length = backup.size
    await response.prepare(request)
    while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
        await response.write(chunk)
    await response.write_eof()
    return response
