import pytest

from litereg.registry.mail import letters
from litereg.registry.mail.letters import Letter

VALUES = {
    "registry_name": "Rain & Snow",
    "registry_url": "https://example.org/data",
    "username": "ann",
    "token": "abc-DEF_123",
    "address": "ann@example.net",
    "api_key_label": "laptop",
    "sharer": "bob",
    "shared": "the package weather/rain",
    "path": "weather/rain",
    "message": "Have a look.",
    "codes_left": "9",
}


@pytest.mark.parametrize("letter", Letter)
def test_every_letter_has_a_subject_a_text_and_no_placeholder_left(letter):
    written = letters.write(letter, **VALUES)

    assert written.subject.strip() == written.subject != ""
    assert "Hello ann," in written.body
    assert "{{" not in written.subject + written.body
    assert "Rain & Snow" in written.body


@pytest.mark.parametrize(
    ("letter", "subject"),
    [
        (Letter.VERIFY_ACCOUNT, "✓ Verify Your New Account"),
        (Letter.NEW_API_KEY, "⚠ New API Key Created"),
        (Letter.SHARED, "bob shared the package weather/rain with you"),
    ],
)
def test_subjects_are_those_that_clients_know(letter, subject):
    assert letters.write(letter, **VALUES).subject == subject


@pytest.mark.parametrize(
    ("letter", "link"),
    [
        (Letter.VERIFY_ACCOUNT, "https://example.org/data/validate-email#token=abc-DEF_123"),
        (Letter.RECOVER_PASSWORD, "https://example.org/data/forgot-password#token=abc-DEF_123"),
        (Letter.SHARED, "https://example.org/data/weather/rain"),
    ],
)
def test_a_link_is_a_paragraph_of_its_own(letter, link):
    assert link in letters.write(letter, **VALUES).body.split("\n\n")


def test_nothing_to_say_leaves_no_gap():
    body = letters.write(Letter.SHARED, **VALUES | {"message": ""}).body

    assert body.endswith("/weather/rain\n")
    assert "\n\n\n" not in body


def test_a_value_is_never_taken_for_another_placeholder():
    body = letters.write(Letter.NEW_API_KEY, **VALUES | {"api_key_label": "{{token}} {{{x}}}"}).body

    assert VALUES["token"] not in body
    assert "{{" not in body
    assert "{ {token}}" in body


def test_a_missing_value_is_a_defect_and_no_gap_in_a_letter():
    with pytest.raises(KeyError, match="api_key_label"):
        letters.write(Letter.NEW_API_KEY, registry_name="", registry_url="", username="")


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("a\r\nBcc: eve@example.org", "a Bcc: eve@example.org"),
        ("a\n\nhttps://example.com\n\nb", "a https://example.com b"),
        ("\u2028a\u2029b\x85c\x0bd", "a b c d"),
        ("\u202eevil\u2066\ufeff\u200b", "evil"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("half \ud800 a pair", "half a pair"),
        ("naïve Ærøskøbing 雨 🌧", "naïve Ærøskøbing 雨 🌧"),
        ("", ""),
    ],
)
def test_a_value_is_one_line_of_what_can_be_printed(value, line):
    assert letters.one_line(value) == line
