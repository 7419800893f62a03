"""Flip single bits of a registry's file, and see who notices."""

import asyncio
import secrets
from random import Random

import pytest

from litereg.app import Registry
from litereg.errors import CannotStart
from litereg.registry.claims import CLAIMS
from litereg.settings import Settings
from litereg.store.check import check
from litereg.store.connection import open_to_read
from tests.client import Caller

pytestmark = pytest.mark.durability

COPIES = 100
PIECE = 48
FILES = """
{ latestPackages(offSet: 0, limit: 100) { packages { versions { packageFile } } } }
"""


@pytest.fixture
def flips(tmp_path, filled_database, record_property):
    """Yields the number of a copy and its path, for copies with one flipped bit each."""
    seed = secrets.randbelow(1_000_000)
    record_property("figure", f"seed {seed}")
    random = Random(seed)
    whole = filled_database.read_bytes()

    def flips(choose):
        for number in range(COPIES):
            path = tmp_path / f"{number}.db"
            bit = choose(random, whole)
            spoiled = bytearray(whole)
            spoiled[bit // 8] ^= 1 << bit % 8
            path.write_bytes(spoiled)
            yield path
            for file in tmp_path.glob(f"{number}.db*"):
                file.unlink()

    return flips


@pytest.fixture(scope="module")
def bodies(filled_database):
    return stored(filled_database)


def stored(path):
    """Return the contents that the file at *path* holds, as they are."""
    raw = open_to_read(path)
    try:
        return [body for (body,) in raw.execute("SELECT body FROM content ORDER BY id")]
    finally:
        raw.close()


async def served(path):
    """Return the package files that the registry at *path* hands out; None when it does not start.

    What it refuses to hand out is not in it.
    """
    try:
        registry = await Registry.open(Settings(db=str(path)))
    except CannotStart:
        return None
    try:
        answer = (await Caller(registry).send(FILES)).body
    finally:
        await registry.close()
    packages = ((answer.get("data") or {}).get("latestPackages") or {}).get("packages") or []
    versions = [version for package in packages for version in package["versions"]]
    return {v["packageFile"].encode() for v in versions if v["packageFile"] is not None}


def test_every_bit_that_flips_in_content_is_found_and_none_is_served(
    flips, bodies, record_property
):
    def in_content(random, whole):
        # A body of many pages is in many places of the file; a piece of it is in one.
        while True:
            body = random.choice(bodies)
            start = random.randrange(max(1, len(body) - PIECE))
            at = whole.find(body[start : start + PIECE])
            if at >= 0:
                return (at + random.randrange(min(PIECE, len(body)))) * 8 + random.randrange(8)

    hit = found = altered = 0
    genuine = set(bodies)
    for path in flips(in_content):
        # What was content once, and lies in a part of a page that is free now, is none.
        if stored(path) == bodies:
            continue
        hit += 1
        found += any(finding.place == "content" for finding in check(path, CLAIMS))
        altered += bool((asyncio.run(served(path)) or set()) - genuine)

    record_property(
        "figure", f"flips in content: {found} of {hit} found, {altered} of {hit} served"
    )
    assert (found, altered) == (hit, 0)
    assert hit > COPIES / 2


def test_no_bit_that_flips_anywhere_lets_altered_content_out(flips, bodies, record_property):
    found = altered = refused = 0
    for path in flips(lambda random, whole: random.randrange(len(whole) * 8)):
        found += any(check(path, CLAIMS))
        files = asyncio.run(served(path))
        refused += files is None
        altered += bool((files or set()) - set(bodies))

    record_property(
        "figure",
        f"flips anywhere: {found} of {COPIES} found by the check, {refused} at the start, "
        f"{altered} let altered content out",
    )
    assert altered == 0
    assert found > 0
