"""How often something may be tried; the clock is an argument."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.registry.rate_limits import buckets
from litereg.store import Database

WINDOW = 300_000
NOW = 1_700_000_000_000
TEN = buckets.Bucket(b"t" * 32, WINDOW // 10, WINDOW)
THOUSAND = buckets.Bucket(b"h" * 32, WINDOW // 1_000, WINDOW)


@pytest.fixture
async def take(tmp_path):
    """Return a function that tries at a time and returns how long to wait."""
    database = await Database.open(tmp_path / "litereg.db")

    async def take(at, *wanted):
        return await database.write(buckets._take, wanted or (TEN,), at)

    take.database = database
    yield take
    await database.close()


async def test_ten_tries_at_once_and_then_one_each_half_minute(take):
    assert [await take(NOW) for _ in range(12)] == [0] * 10 + [30_000] * 2
    assert await take(NOW + 29_999) == 1
    assert await take(NOW + 30_000) == 0
    assert await take(NOW + 30_000) == 30_000
    assert [await take(NOW + 10 * WINDOW) for _ in range(11)] == [0] * 10 + [30_000]


@pytest.mark.parametrize("most", [0, 1, 299_999, 300_000, 300_001, 10**9])
def test_every_try_costs_something_however_many_there_may_be(most):
    assert 1 <= buckets._bucket("log-ins in all", WINDOW, most).cost <= WINDOW


async def test_a_refused_try_costs_nothing_in_no_bucket(take):
    for _ in range(10):
        await take(NOW)

    for _ in range(2_000):
        assert await take(NOW, TEN, THOUSAND) == 30_000

    assert await take(NOW, THOUSAND) == 0


async def test_what_succeeded_does_not_count(take):
    for _ in range(50):
        assert await take(NOW) == 0
        await take.database.write(lambda tx: buckets.Try((TEN,)).succeeded(tx))


async def test_no_more_tries_can_be_given_back_than_were_taken(take):
    assert await take(NOW) == 0
    for _ in range(5):
        await take.database.write(lambda tx: buckets.Try((TEN,)).succeeded(tx))

    assert [await take(NOW) for _ in range(11)] == [0] * 10 + [30_000]


async def test_a_clock_that_is_put_back_a_year_keeps_nobody_out_for_longer(take):
    for _ in range(10):
        await take(NOW)
    earlier = NOW - 365 * 24 * 3_600_000

    assert await take(earlier) == 30_000
    assert await take(earlier + 30_000) == 0


async def test_full_buckets_are_forgotten(take):
    await take(NOW)
    await take(NOW + WINDOW, THOUSAND)

    def keys(tx):
        rows = tx._connection.execute("SELECT key FROM rate_bucket")
        return [row[0] for row in rows]

    assert await take.database.read(keys) == [THOUSAND.key]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_who_counts_as_one(address, network):
    assert buckets._network(address) == network


@given(st.text(max_size=60))
def test_any_address_counts_as_somebody(address):
    assert isinstance(buckets._network(address), str)
