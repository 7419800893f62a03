import pytest

from litereg.registry import mail
from litereg.registry.mail import Letter, outbox
from litereg.registry.users import queries as users
from litereg.settings import Settings
from litereg.store import Query

NOW = 1_700_000_000_000
LABEL = {"api_key_label": "laptop"}
WITH_MAIL = Settings(smtp_server="127.0.0.1", smtp_from_address="registry@example.org")
ROWS = Query(str, "SELECT coalesce(body, 'no text') || '|' || coalesce(last_error, '') FROM mail")


@pytest.fixture
async def database(people, registry):
    await people("ann")
    return registry.database


async def queue(database, settings=WITH_MAIL, letter=Letter.NEW_API_KEY, now=NOW, **values):
    def work(tx):
        user = users.find_user(tx, "ann")
        mail.queue(tx, settings, letter, user, now, **(values or LABEL))

    await database.write(work)


async def rows(database):
    return await database.read(lambda tx: tx.all(ROWS))


async def test_a_letter_is_due_at_once_and_taken_once(database):
    await queue(database)

    first = await database.write(outbox.take, NOW)
    again = await database.write(outbox.take, NOW + outbox.PAUSES_MS[0] - 1)

    assert [(letter.to_address, letter.tries) for letter in first] == [("ann@example.org", 1)]
    assert again == []


async def test_pauses_grow_and_end(database):
    await queue(database)
    now, tried = NOW, []

    while await database.read(outbox.is_any_due, now):
        (letter,) = await database.write(outbox.take, now)
        tried.append(now)
        given_up = await database.write(outbox.failed, letter, "no answer", False)
        assert given_up == (len(tried) == outbox.MAX_TRIES)
        now += outbox.PAUSES_MS[len(tried) - 1]

    assert len(tried) == outbox.MAX_TRIES
    assert list(outbox.PAUSES_MS) == sorted(set(outbox.PAUSES_MS))
    assert await rows(database) == ["no text|no answer"]
    assert not await database.read(outbox.is_any_due, now + 10 * outbox.PAUSES_MS[-1])


async def test_a_letter_that_was_sent_leaves_nothing(database):
    await queue(database)
    (letter,) = await database.write(outbox.take, NOW)

    await database.write(outbox.sent, letter)

    assert await rows(database) == []


async def test_a_refusal_for_good_is_not_tried_again(database):
    await queue(database)
    (letter,) = await database.write(outbox.take, NOW)

    assert await database.write(outbox.failed, letter, "no such\r\nuser", True)

    assert await rows(database) == ["no text|no such user"]


async def test_a_process_that_died_in_its_last_try_has_tried_it(database):
    await queue(database)
    now = NOW
    for pause in outbox.PAUSES_MS:
        assert len(await database.write(outbox.take, now)) == 1
        now += pause

    assert await database.write(outbox.take, now) == []

    assert await rows(database) == ["no text|"]


async def test_a_letter_to_nobody_is_dropped(database):
    token = {"token": "t"}
    await database.write(
        lambda tx: mail.queue_to_nobody(tx, WITH_MAIL, Letter.RECOVER_PASSWORD, NOW, **token)
    )
    assert len(await rows(database)) == 1

    assert await database.write(outbox.take, NOW) == []

    assert await rows(database) == []


async def test_a_change_that_fails_takes_its_letter_with_it(database):
    def work(tx):
        user = users.find_user(tx, "ann")
        mail.queue(tx, WITH_MAIL, Letter.NEW_API_KEY, user, NOW, **LABEL)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)

    assert await rows(database) == []


@pytest.mark.parametrize("letter", [a for a in Letter if a is not Letter.RECOVER_PASSWORD])
async def test_without_a_mail_server_nothing_waits(database, letter):
    await queue(database, Settings(), letter, token="t")

    assert await rows(database) == []


async def test_more_than_a_batch_is_taken_in_order(database):
    for number in range(outbox.BATCH + 1):
        await queue(database, now=NOW + number, api_key_label=f"key {number}")

    first = await database.write(outbox.take, NOW + 100)
    rest = await database.write(outbox.take, NOW + 100)

    assert [letter.created_at for letter in first + rest] == [
        NOW + number for number in range(outbox.BATCH + 1)
    ]
    assert len(rest) == 1
