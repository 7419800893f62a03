"""Engines that answer as no real one would: never, late, or far too much."""

import asyncio

from litereg.gql.answers import Answer


class Waiting:
    """Has no answer at once."""

    def answer_at_once(self, request, credentials, request_id):
        return None


class Gated(Waiting):
    """Answers once its gate is opened."""

    def __init__(self):
        self.entered = asyncio.Event()
        self.gate = asyncio.Event()

    async def answer(self, request, credentials, request_id, heavy=False):
        self.entered.set()
        await self.gate.wait()
        return Answer(200, {"data": {"query": request.query}}, "Late")


class Fixed(Waiting):
    """Answers with the same body to everything."""

    def __init__(self, body, operation=None):
        self._body = body
        self._operation = operation

    async def answer(self, request, credentials, request_id, heavy=False):
        return Answer(200, self._body, self._operation)
