"""Passwords cannot be guessed: tries are counted, whoever sends them, in whatever form."""

import sqlite3
from dataclasses import replace

import pytest

from litereg.app import Registry
from litereg.gql.engine import Request
from litereg.registry import passwords
from tests.client import PASSWORD, Caller, Result

HERE, THERE = "203.0.113.9", "198.51.100.7"
WRONG = "wrong horse 1"
LOGIN = "mutation ($n: String!, $p: String!) { login(username: $n, password: $p) }"


@pytest.fixture
def evaluated(monkeypatch):
    """The passwords that were compared with a hash."""
    seen = []
    matches = passwords.matches

    def matches_and_tell(password, stored):
        seen.append(password)
        return matches(password, stored)

    monkeypatch.setattr(passwords, "matches", matches_and_tell)
    return seen


@pytest.fixture
def send(registry):
    async def send(query, address=HERE, **variables):
        request = Request(query, None, variables, address=address)
        return Result(await registry.engine.answer(request, None, "test"))

    return send


@pytest.fixture
def log_in(send):
    async def log_in(name, password=WRONG, address=HERE):
        return await send(LOGIN, address, n=name, p=password)

    return log_in


def messages(results):
    return [result.error.message.split(":")[0] for result in results]


async def test_a_password_that_stands_in_the_document_is_tried_once(people, send, evaluated):
    await people("ann")
    evaluated.clear()
    tries = [
        await send(f'mutation {{ login(username: "ann", password: "wrong horse {n}") }}')
        for n in range(11)
    ]

    assert messages(tries) == ["WRONG_CREDENTIALS"] * 10 + ["TOO_MANY_TRIES"]
    assert evaluated == [f"wrong horse {n}" for n in range(10)]


async def test_ten_wrong_passwords_for_one_name_and_then_not_even_the_right_one(
    people, log_in, evaluated
):
    await people("ann")
    tries = [await log_in("ann", address=f"192.0.2.{n}") for n in range(10)]

    refused = await log_in("ANN", PASSWORD, address=THERE)

    assert messages(tries) == ["WRONG_CREDENTIALS"] * 10
    assert refused.error.message.startswith("TOO_MANY_TRIES: try again in ")
    assert refused.error.code == "LIMIT_EXCEEDED"
    assert 0 < refused.error.extensions["retryAfterSeconds"] <= 30
    assert refused.status == 200
    assert PASSWORD not in evaluated
    assert len(evaluated) == 10


async def test_an_unknown_name_is_refused_in_the_same_words_after_as_many_tries(log_in, people):
    await people("ann")

    known = [await log_in("ann", address=HERE) for _ in range(12)]
    unknown = [await log_in("nobody", address=THERE) for _ in range(12)]

    assert (
        messages(known) == messages(unknown) == ["WRONG_CREDENTIALS"] * 10 + ["TOO_MANY_TRIES"] * 2
    )


async def test_ten_wrong_passwords_from_one_address_whatever_the_names(people, log_in):
    await people("ann")
    tries = [await log_in(f"user{n}") for n in range(11)]

    assert messages(tries) == ["WRONG_CREDENTIALS"] * 10 + ["TOO_MANY_TRIES"]
    assert (await log_in("ann", PASSWORD)).error.message.startswith("TOO_MANY_TRIES")
    assert (await log_in("ann", PASSWORD, THERE)).data["login"]


async def test_addresses_of_one_ipv6_network_count_as_one(log_in):
    tries = [await log_in(f"user{n}", address=f"2001:db8::{n:x}:1") for n in range(11)]

    assert messages(tries)[10] == "TOO_MANY_TRIES"
    assert messages([await log_in("other", address="2001:db8:0:1::1")]) == ["WRONG_CREDENTIALS"]


async def test_logging_in_rightly_any_number_of_times_uses_nothing_up(people, log_in):
    await people("ann")

    for _ in range(25):
        assert (await log_in("ann", PASSWORD)).data["login"]


async def test_a_thousand_guesses_in_one_document_are_one_guess_at_most(send, people, evaluated):
    await people("ann")
    for kind in ("query", "mutation"):
        for guesses in (1_000, 30, 10, 2):
            text = " ".join(
                f'a{n}: login(username: "ann", password: "guess number {n}")'
                for n in range(guesses)
            )
            evaluated.clear()

            answer = await send(f"{kind} {{ {text} }}")

            assert answer.errors
            assert len(evaluated) <= 1


async def test_guesses_in_a_document_are_counted_even_for_the_same_name(send, people, evaluated):
    await people("ann")

    answer = await send(
        f'mutation {{ a: login(username: "ann", password: "wrong horse 1") '
        f'b: login(username: "ann", password: "{PASSWORD}") }}'
    )

    assert messages([answer]) == ["WRONG_CREDENTIALS"]
    assert PASSWORD not in evaluated


async def test_a_second_password_undoes_what_the_first_one_opened(send, people, evaluated):
    await people("ann")

    answer = await send(
        f'mutation {{ a: login(username: "ann", password: "{PASSWORD}") '
        f'b: login(username: "ann", password: "{WRONG}") }}'
    )

    assert messages([answer]) == ["TOO_MANY_PASSWORDS"]
    assert answer.data is None
    assert evaluated == [PASSWORD]


async def test_a_restart_forgives_nothing(settings, evaluated):
    first = await Registry.open(settings)
    for n in range(10):
        answer = await first.engine.answer(
            Request(LOGIN, None, {"n": "ann", "p": f"wrong horse {n}"}), None, "test"
        )
        assert "WRONG_CREDENTIALS" in str(answer.body)
    await first.close()

    second = await Registry.open(settings)
    answer = await second.engine.answer(
        Request(LOGIN, None, {"n": "ann", "p": "wrong horse 11"}), None, "test"
    )
    await second.close()

    assert "TOO_MANY_TRIES" in str(answer.body)
    assert len(evaluated) == 10


async def test_the_old_password_cannot_be_guessed_with_a_stolen_session(people, evaluated):
    ann = await people("ann")
    for n in range(12):
        value = {"oldPassword": f"wrong horse {n}", "newPassword": "another horse 7"}
        answer = await ann.mutate("updateMyPassword", value=value)

    assert answer.error.message.startswith("TOO_MANY_TRIES")
    assert len(evaluated) == 10


async def test_accounts_cannot_be_made_by_the_thousand(settings):
    registry = await Registry.open(replace(settings, max_sign_ups=3))
    sign_up = "mutation ($v: CreateUserInput!) { createMe(value: $v) }"

    async def make(name, address):
        value = {"username": name, "emailAddress": f"{name}@example.org", "password": PASSWORD}
        request = Request(sign_up, None, {"v": value}, address=address)
        return Result(await registry.engine.answer(request, None, "test"))

    made = [await make(f"user{n}", HERE) for n in range(4)]
    elsewhere = await make("user9", THERE)
    taken = await registry.database.read(
        lambda tx: [
            row[0] for row in tx._connection.execute("SELECT username FROM user ORDER BY username")
        ]
    )
    await registry.close()

    assert [bool(result.errors) for result in made] == [False, False, False, True]
    assert made[3].error.message.startswith("TOO_MANY_TRIES")
    assert not elsewhere.errors
    assert taken == ["user0", "user1", "user2", "user9"]


async def test_letters_cannot_be_asked_for_without_end(send, people):
    await people("ann")
    text = "mutation ($a: String!) { forgotMyPassword(emailAddress: $a) }"

    known = [await send(text, HERE, a="ann@example.org") for _ in range(11)]
    unknown = [await send(text, THERE, a="nobody@example.org") for _ in range(11)]

    for answers in (known, unknown):
        assert [len(answer.errors) for answer in answers] == [0] * 10 + [1]
        assert answers[10].error.message.startswith("TOO_MANY_TRIES")


async def test_what_was_typed_for_a_name_is_nowhere_in_the_file(settings):
    registry = await Registry.open(settings)
    await Caller(registry).mutate("login", username="MyPasswordIsCanary7", password=WRONG)
    await registry.close()

    connection = sqlite3.connect(settings.db)
    dump = "\n".join(connection.iterdump())
    connection.close()

    assert "rate_bucket" in dump
    assert "canary7" not in dump.lower()


async def test_somebody_in_this_process_has_no_address_to_be_counted_by(registry, log_in, people):
    local = Caller(registry)
    for n in range(15):
        await local.mutate("login", username=f"user{n}", password="wrong horse 1")

    assert messages([await log_in("ann")]) == ["WRONG_CREDENTIALS"]
