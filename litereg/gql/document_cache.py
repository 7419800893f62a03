"""Keep documents that were seen lately, ready to be run.

A document is prepared when it is first seen and kept by its text; the same client sends the same
documents again and again. Those that scripts put together, with another name or cursor in each,
share what is left when their values are taken out: see `litereg.gql.literals`.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from graphql import GraphQLSchema

from litereg.errors import LiteregError
from litereg.gql.documents import Document, Documents, Rejected
from litereg.gql.literals import Lifted, Literals
from litereg.settings import Settings

# Documents longer than this are parsed and validated on a thread. The worst that is shorter, found
# by search among those that no limit refuses, takes some 40 ms.
LONG_DOCUMENT: Final = 2_000
MAX_ENTRIES: Final = 500
MAX_CHARACTERS: Final = 8 * 1024 * 1024
# What is kept of a document takes up to 0.4 kB for each of its tokens: about 25 MB in all.
MAX_TOKENS: Final = 60_000


class DocumentCache:
    """The documents seen lately, prepared."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._documents = Documents(schema, settings)
        self._literals = Literals(schema)
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0
        self._tokens = 0

    def find(self, text: str) -> Document | None:
        """Return the document of *text* when it is kept."""
        document = self._kept.get(text)
        if document is not None:
            self._kept.move_to_end(text)
        return document

    def keep(self, text: str, document: Document) -> None:
        """Keep *document*, and drop those not used for the longest time when there are too many."""
        self._drop(text)
        if len(text) > MAX_CHARACTERS // 8 or document.tokens > MAX_TOKENS // 8:
            return
        self._kept[text] = document
        self._characters += len(text)
        self._tokens += document.tokens
        while self._is_full():
            self._drop(next(iter(self._kept)))

    async def prepare(self, text: str, max_tokens: int) -> Document:
        """Prepare and keep a document that was not seen lately, without its values if possible.

        Raises:
            Rejected: with every reason that was found.
            LimitExceeded: the document is too large.
        """
        is_long = len(text) > LONG_DOCUMENT
        lift = self._literals.lift
        lifted = (
            await asyncio.to_thread(lift, text, max_tokens) if is_long else lift(text, max_tokens)
        )
        if lifted is None:
            return await self.prepare_as_written(text, max_tokens)
        try:
            document = self._filled(lifted, await self._without_values(lifted, max_tokens))
        except (Rejected, LiteregError):
            # What is wrong with it is said of what was sent.
            return await self.prepare_as_written(text, max_tokens)
        if not is_long:
            # One with much in it hardly comes again, and is read again soon enough.
            self.keep(text, document)
        return document

    async def prepare_as_written(self, text: str, max_tokens: int) -> Document:
        """Prepare and keep a document with the values that stand in it; raise as `prepare`."""
        prepare = self._documents.prepare
        if len(text) > LONG_DOCUMENT:
            document = await asyncio.to_thread(prepare, text, max_tokens)
        else:
            document = prepare(text, max_tokens)
        self.keep(text, document)
        return document

    async def _without_values(self, lifted: Lifted, max_tokens: int) -> Document:
        found = self.find(lifted.text)
        return found or await self.prepare_as_written(lifted.text, max_tokens)

    def _filled(self, lifted: Lifted, document: Document) -> Document:
        """Return *document* with the values of one that was sent."""
        return replace(document, tokens=lifted.tokens, literals=lifted.values)

    def _drop(self, text: str) -> None:
        dropped = self._kept.pop(text, None)
        if dropped is not None:
            self._characters -= len(text)
            self._tokens -= dropped.tokens

    def _is_full(self) -> bool:
        return (
            len(self._kept) > MAX_ENTRIES
            or self._characters > MAX_CHARACTERS
            or self._tokens > MAX_TOKENS
        )
