"""Send the hostile corpus to a server that is watched."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.fuzz.corpus import Case
from tests.fuzz.sending import Answered, request_of, send
from tests.fuzz.watched import Watched


def ask_all(server: Watched, cases: Sequence[Case]) -> list[Answered]:
    """Send *cases* one after another, a connection each, and return the answers."""

    async def ask() -> list[Answered]:
        answers = []
        for case in cases:
            request = request_of(case, server.token, case.body())
            answers.append(await send(server.host, server.port, request))
        return answers

    return asyncio.run(ask())
