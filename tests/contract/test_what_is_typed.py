"""What people type obeys the rules wherever it stands, and is not repeated in errors."""

import pytest

TYPED = "sekret sekret 1"


@pytest.mark.parametrize(
    "value",
    [
        {"username": "u", "password": TYPED},
        {"username": "u", "emailAddress": "u@example.org", "password": TYPED, "more": 1},
        {"username": "u", "emailAddress": "u@example.org", "password": [TYPED]},
        {"username": "u", "emailAddress": "u@example.org", "password": 918273645},
    ],
)
async def test_a_password_is_not_echoed_by_a_type_error(anonymous, value):
    result = await anonymous.mutate("createMe", value=value)

    assert result.status == 400
    assert TYPED not in str(result.body)
    assert "918273645" not in str(result.body)


@pytest.mark.parametrize(
    "text",
    [
        'mutation { login(username: "ann", password: 918273645) }',
        'mutation { login(username: "ann", password: sekret918273645) }',
        'mutation { login(username: "ann", password: {a: "918273645"}) }',
        'mutation { createMe(value: {username: "u", password: "918273645"}) }',
        'mutation { login(username: "ann", "918273645") }',
    ],
)
async def test_a_password_is_not_echoed_by_a_literal(anonymous, text):
    result = await anonymous.send(text)

    assert result.status == 400
    assert "918273645" not in str(result.body)


async def test_no_catalog_gets_a_slug_that_is_none(people):
    ann = await people("ann")
    result = await ann.send(
        'mutation ($s: String = "-x/y") { createCatalog(value: {slug: $s, displayName: "d", '
        "isPublic: true}) { identifier { catalogSlug } } }"
    )
    assert result.status == 400
