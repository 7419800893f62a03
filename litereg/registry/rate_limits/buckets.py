"""Count tries of what must not be tried without end.

Each address and the registry as a whole has a bucket for each kind of try, and for log-ins each
name. A bucket holds so many tries and fills up again evenly, in `rate_window_s`; when one that a
try needs is empty, the try is refused before anything is looked up or hashed. Nobody is locked out
for good: the next try comes with time.

Names are counted as they are typed, known or not, so that nothing here tells which are known. What
is stored is a digest: people type passwords where names belong.

Source: the generic cell rate algorithm, in its form with one stored time for each bucket.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from litereg.errors import LimitExceeded
from litereg.gql.context import Context
from litereg.registry.rate_limits import queries
from litereg.settings import Settings
from litereg.store import Transaction

# Codes have six digits, a few of which are right at a time: tries come back that much more slowly.
CODE_WINDOWS = 12
# One subscriber usually has all of it, and an address of it for each guess.
IPV6_PREFIX = 64


class Kind(Enum):
    """What is tried."""

    LOG_IN = "log in"
    SIGN_UP = "sign up"
    RESET = "reset"
    ONE_TIME_CODE = "one-time code"


class Bucket(NamedTuple):
    """One bucket.

    Attributes:
        key: what it is stored under.
        cost: how many milliseconds it takes for one try to come back.
        window: how many it takes for all of them.
    """

    key: bytes
    cost: int
    window: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted."""

    buckets: tuple[Bucket, ...]

    def succeeded(self, tx: Transaction) -> None:
        """Count the try no longer: it was no guess."""
        _take_back(tx, self.buckets)

    def succeeded_for_good(self, ctx: Context) -> None:
        """Count the try no longer, even though the operation goes on to fail."""
        ctx.for_good(_take_back, self.buckets)


def begin(ctx: Context, kind: Kind, name: str | None = None, *also: tuple[Kind, str | None]) -> Try:
    """Count a try of *kind*, at *name*, by whoever asks; it counts whatever becomes of it.

    An operation may make one try, which may be one of *also* these kinds, at these names.

    Raises:
        LimitExceeded: TOO_MANY_TRIES, with retryAfterSeconds.
    """
    tried = ((kind, name), *also)
    buckets = tuple(bucket for one in tried for bucket in _buckets(ctx, *one))
    wait = ctx.apart(_take, buckets, ctx.now)
    if wait > 0:
        seconds = -(-wait // 1000)
        raise LimitExceeded(
            "TOO_MANY_TRIES", f"try again in {seconds} s", retryAfterSeconds=seconds
        )
    return Try(buckets)


def has_one_left(ctx: Context, what: str, most: int) -> bool:
    """Return whether there is one left of *most* that each window has for *what*, and take it.

    It is taken in the transaction at hand, so what is rolled back costs none.
    """
    return _take(ctx.tx, (_bucket(what, _window(ctx.settings), most),), ctx.now) <= 0


def _take(tx: Transaction, buckets: tuple[Bucket, ...], now: int) -> int:
    """Take a try from each of *buckets*, or return after how many ms all of them have one."""
    queries.forget_full(tx, now)
    taken, wait = [], 0
    for bucket in buckets:
        full_at = queries.full_at(tx, bucket.key, now)
        if full_at > now + bucket.window:
            # The clock was put back; that must keep nobody out for longer than an empty bucket.
            full_at = now + bucket.window
            queries.put(tx, bucket.key, full_at)
        wait = max(wait, full_at + bucket.cost - bucket.window - now)
        taken.append((bucket.key, full_at + bucket.cost))
    if wait <= 0:
        for key, full_at in taken:
            queries.put(tx, key, full_at)
    return wait


def _take_back(tx: Transaction, buckets: tuple[Bucket, ...]) -> None:
    for bucket in buckets:
        queries.take_back(tx, bucket.key, bucket.cost)


def _buckets(ctx: Context, kind: Kind, name: str | None) -> list[Bucket]:
    """Return the buckets of a try; that of the address, for somebody in this process, is none."""
    settings, address, window = ctx.settings, ctx.address, _window(ctx.settings)
    if kind is Kind.ONE_TIME_CODE:
        # Strangers can try none: it takes the password or a session. So they keep nobody waiting.
        what = f"{kind.value} of {name}"
        return [_bucket(what, window * CODE_WINDOWS, settings.max_tries)]
    counted = [(f"{kind.value} in all", settings.max_tries_in_all)]
    if name is not None:
        counted.append((f"{kind.value} as {name}", settings.max_tries))
    if address is not None:
        most = settings.max_sign_ups if kind is Kind.SIGN_UP else settings.max_tries
        counted.append((f"{kind.value} from {_network(address)}", most))
    return [_bucket(what, window, most) for what, most in counted]


def _bucket(what: str, window: int, most: int) -> Bucket:
    key = hashlib.sha256(what.encode("utf-8", "surrogatepass")).digest()
    # At least a millisecond each: for nothing, there would be no end of tries.
    return Bucket(key, max(window // max(most, 1), 1), window)


def _window(settings: Settings) -> int:
    """Return how long it takes a bucket to fill up, milliseconds."""
    return int(settings.rate_window_s * 1000)


def _network(address: str) -> str:
    """Return who counts as one: an IPv4 address, or the IPv6 network that it is in."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
