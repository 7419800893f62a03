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

# One subscriber usually has all of it, and an address of it for each guess.
IPV6_PREFIX = 64


class Kind(Enum):
    """What is tried."""

    LOG_IN = "log in"
    SIGN_UP = "sign up"
    RESET = "reset"


class Bucket(NamedTuple):
    """One bucket.

    Attributes:
        key: what it is stored under.
        cost: how many milliseconds it takes for one try to come back.
    """

    key: bytes
    cost: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted."""

    buckets: tuple[Bucket, ...]

    def succeeded(self, tx: Transaction) -> None:
        """Count the try no longer: it was no guess."""
        for bucket in self.buckets:
            queries.take_back(tx, bucket.key, bucket.cost)


def begin(ctx: Context, kind: Kind, name: str | None = None) -> Try:
    """Count a try of *kind*, at *name*, by whoever asks; it counts whatever becomes of it.

    An operation may make one try.

    Raises:
        LimitExceeded: TOO_MANY_TRIES, with retryAfterSeconds.
    """
    window = int(ctx.settings.rate_window_s * 1000)
    buckets = tuple(_buckets(ctx.settings, window, kind, name, ctx.address))
    wait = ctx.apart(_take, buckets, window, ctx.now)
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
    window = int(ctx.settings.rate_window_s * 1000)
    return _take(ctx.tx, (_bucket(what, window, most),), window, ctx.now) <= 0


def _take(tx: Transaction, buckets: tuple[Bucket, ...], window: int, now: int) -> int:
    """Take a try from each of *buckets*, or return after how many ms all of them have one."""
    queries.forget_full(tx, now)
    taken, wait = [], 0
    for bucket in buckets:
        full_at = queries.full_at(tx, bucket.key, now)
        if full_at > now + window:
            # The clock was put back; that must keep nobody out for longer than an empty bucket.
            full_at = now + window
            queries.put(tx, bucket.key, full_at)
        wait = max(wait, full_at + bucket.cost - window - now)
        taken.append((bucket.key, full_at + bucket.cost))
    if wait <= 0:
        for key, full_at in taken:
            queries.put(tx, key, full_at)
    return wait


def _buckets(
    settings: Settings, window: int, kind: Kind, name: str | None, address: str | None
) -> list[Bucket]:
    """Return the buckets of a try; that of the address, for somebody in this process, is none."""
    counted = [(f"{kind.value} in all", settings.max_tries_in_all)]
    if name is not None:
        counted.append((f"{kind.value} as {name}", settings.max_tries))
    if address is not None:
        most = settings.max_sign_ups if kind is Kind.SIGN_UP else settings.max_tries
        counted.append((f"{kind.value} from {_network(address)}", most))
    return [_bucket(what, window, most) for what, most in counted]


def _bucket(what: str, window: int, most: int) -> Bucket:
    key = hashlib.sha256(what.encode("utf-8", "surrogatepass")).digest()
    return Bucket(key, window // max(most, 1))


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
