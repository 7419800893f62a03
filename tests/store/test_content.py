import pytest

from litereg.errors import Unavailable
from litereg.store import Database, Query, content

BODIES = Query(bytes, "SELECT body FROM content ORDER BY id", scans="a test looks at all of it")


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "test.db")
    yield database
    await database.close()


async def test_the_same_bytes_are_stored_once(database):
    body = b"rain\0fall"

    def put(tx):
        return [content.put(tx, content.digest(body), body) for _ in range(2)]

    first, second = await database.write(put)

    assert first == second
    assert await database.read(lambda tx: tx.all(BODIES)) == [body]


async def test_a_digest_that_is_no_sha_256_is_not_stored(database):
    with pytest.raises(Exception, match="CHECK constraint failed"):
        await database.write(content.put, b"short", b"body")


def test_bytes_that_changed_are_not_handed_out():
    sha256 = content.digest(b"rain")

    assert content.verified(sha256, b"rain") == b"rain"
    with pytest.raises(Unavailable, match=f"CONTENT_DAMAGED: content {sha256.hex()}"):
        content.verified(sha256, b"raim")
