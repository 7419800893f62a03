"""What a resolver knows besides its arguments."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from litereg.access import Viewer
from litereg.settings import Settings
from litereg.store import Transaction

T = TypeVar("T")


class Suspended(BaseException):
    """A resolver asked for slow work; nothing is wrong.

    The engine does the work outside the transaction and runs the operation again, which then finds
    the result. It is no `Exception`, so that nothing on the way takes it for a failed field.
    """

    def __init__(self, key: tuple[Any, ...], work: Callable[[], Any]) -> None:
        super().__init__(key)
        self.key = key
        self.work = work


@dataclass(slots=True)
class Memory:
    """What stays the same when an operation is run again.

    Attributes:
        now: the time of the request, Unix milliseconds.
        seed: 32 random bytes, from which the operation draws its tokens.
        done: results of slow work.
    """

    now: int
    seed: bytes
    done: dict[tuple[Any, ...], Any] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """One run of one operation.

    Attributes:
        tx: the open transaction.
        viewer: who asks.
        now: the time of the request, Unix milliseconds.
        settings: the settings in force.
    """

    tx: Transaction
    viewer: Viewer
    settings: Settings
    memory: Memory
    now: int = 0
    _drawn: int = 0

    def slow(self, function: Callable[..., T], *args: Any) -> T:
        """Return `function(*args)`, worked out on a thread and outside the transaction.

        For password hashing and its like. The first time, the run ends here and starts again once
        the result is there, so *function* must be pure and *args* hashable.
        """
        key = (function, *args)
        if key not in self.memory.done:
            raise Suspended(key, lambda: function(*args))
        return self.memory.done[key]  # type: ignore[no-any-return]

    def token(self) -> bytes:
        """Return 32 unguessable bytes, the same ones at the same place of every run."""
        self._drawn += 1
        return hmac.digest(self.memory.seed, self._drawn.to_bytes(4, "big"), hashlib.sha256)
