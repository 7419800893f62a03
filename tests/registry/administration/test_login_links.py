from litereg.registry.administration import service
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest

NOW = 1_700_000_000_000


async def test_a_link_lasts_an_hour(people, registry):
    await people("ann")
    database = registry.database
    links = [await database.write(service.make_link, "ann", bytes([n]) * 32, NOW) for n in (1, 2)]

    hour = service.LINK_LASTS_MS
    in_time = await database.write(sessions.take_link, digest(links[0]), NOW + hour - 1)
    too_late = await database.write(sessions.take_link, digest(links[1]), NOW + hour)

    assert in_time is not None
    assert too_late is None


async def test_a_link_is_stored_as_its_digest_only(people, registry):
    await people("ann")

    token = await registry.database.write(service.make_link, "ann", b"1" * 32, NOW)

    assert token.encode() not in registry.database.path.read_bytes()
