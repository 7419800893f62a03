"""What others notice while very many people try to log in at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles

import aiohttp

from tests.cli.processes import serving
from tests.trust.table import Figure

LOG_INS = 100
SECONDS = 8.0
MAX_P99_MS = 200.0
PAUSE_S = 0.02
LOGIN = 'mutation ($n: String!) { login(username: $n, password: "wrong horse 1") }'
OTHER = {"query": "{ latestPackages(offSet: 0, limit: 20) { packages { displayName } count } }"}
SETTINGS = {
    "LITEREG_PASSWORD_COST": "12",
    "LITEREG_MAX_TRIES": "100000",
    "LITEREG_MAX_TRIES_IN_ALL": "100000",
}


def measure(folder: Path) -> Figure:
    """Let a hundred clients log in again and again, and ask for something else meanwhile."""
    with serving("serve", "--port", "0", cwd=folder, **SETTINGS) as running:
        checked, turned_away, waits = asyncio.run(flood(f"{running.url}/graphql"))
    p99 = quantiles(waits, n=100)[98] * 1000
    text = (
        f"{checked} passwords checked, {turned_away} tries turned away; {len(waits)} others p99 "
        f"{p99:.0f} ms"
    )
    return Figure(text, p99 <= MAX_P99_MS and turned_away > 0 and checked > 0)


async def flood(url: str) -> tuple[int, int, list[float]]:
    """Return how many log-ins were checked and turned away, and how long others waited (s)."""
    end = time.perf_counter() + SECONDS
    statuses: list[int] = []
    waits: list[float] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(body: dict[str, object]) -> int:
            async with session.post(url, json=body) as response:
                await response.read()
                return response.status

        async def log_in(number: int) -> None:
            while time.perf_counter() < end:
                with suppress(aiohttp.ClientError):
                    variables = {"n": f"nobody{number}"}
                    statuses.append(await ask({"query": LOGIN, "variables": variables}))
                if statuses and statuses[-1] == 503:
                    await asyncio.sleep(1)

        async def others() -> None:
            while time.perf_counter() < end:
                started = time.perf_counter()
                await ask(OTHER)
                waits.append(time.perf_counter() - started)
                await asyncio.sleep(PAUSE_S)

        await asyncio.gather(others(), *(log_in(number) for number in range(LOG_INS)))
    return statuses.count(200), statuses.count(503), waits
