import subprocess
import sys

import pytest

from litereg.registry.password_rules import (
    MAX_STRICT,
    check_strict_form,
    form_check,
    names_around,
    problem_of,
)
from litereg.settings import Settings
from tests.registry.test_names import reason

STRICT = Settings(
    password_rules="strict", base_url="https://data.example.org", registry_name="Weather"
)


def problem(password, settings=STRICT, username="ann-lee", email_address="lee.a@mail.example"):
    found = problem_of(password, names_around(settings, username, email_address))
    return None if found is None else found.reason


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", "PASSWORD_REQUIRED"),
        ("seven 7", "PASSWORD_TOO_SHORT"),
        ("eight...", None),
        ("only letters", None),
        ("x" * MAX_STRICT, None),
        ("x" * (MAX_STRICT + 1), "PASSWORD_TOO_LONG"),
        ("\U0001f40e" * 8, None),
    ],
)
def test_a_strict_password_may_be_long_and_of_anything(password, found):
    assert reason(check_strict_form, password) == found


def test_the_compatible_rules_are_those_of_the_api():
    assert reason(form_check("compatible"), "only letters") == "INVALID_CHARACTERS"
    assert reason(form_check("compatible"), "x" * 100) == "PASSWORD_TOO_LONG"
    assert problem("password1", Settings()) is None


@pytest.mark.parametrize(
    "password",
    ["password", "PassWord", "12345678", "qwertyuiop", "Password1!", "sunshine2026", "iloveyou",
     "aaaaaaaaaaaaaaaa", "1212121212121212", "\uff50\uff41ssword"],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password):
    assert problem(password) == "PASSWORD_TOO_COMMON"


def test_the_three_thousand_most_common_ones_are_refused():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    common = [
        word for word in FREQUENCY_LISTS["passwords"] if reason(check_strict_form, word) is None
    ]

    assert len(common) > 3000
    assert [word for word in common if problem(word) is None] == []


@pytest.mark.parametrize(
    "password",
    ["ann-lee likes it", "ANN-LEE9", "my lee.a address", "litereg rocks", "weather is fine",
     "data.example.org", "an example of it", "99lee.a99"],
)  # fmt: skip
def test_names_of_the_account_and_of_the_registry_are_refused(password):
    assert problem(password) == "PASSWORD_HAS_NAME"


def test_a_short_name_counts_only_where_it_is_all_there_is():
    assert problem("annual planning", username="ann") is None
    assert problem("ann20260101!", username="ann") == "PASSWORD_HAS_NAME"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "dragon and four cats",
        "zXk2-9vQe",
        "x-ray of a whale",
        "dragon72849163x",
    ],
)
def test_other_passwords_may_be_set(password):
    assert problem(password) is None


def test_the_list_is_not_read_before_somebody_needs_it():
    code = (
        "import sys, litereg.app\n"
        "from litereg.registry import password_rules as r\n"
        "r.problem_of('password', None)\n"
        "assert not any(name.startswith('zxcvbn') for name in sys.modules)\n"
        "r.problem_of('correct horse', ())\n"
        "assert 'zxcvbn' in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
