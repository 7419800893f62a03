import asyncio
import json
import os
import subprocess
import time

import pytest

from litereg.access import Credentials
from litereg.app import Registry
from litereg.gql.engine import Request
from litereg.registry.second_factor import queries as second_factors
from litereg.registry.sessions import queries as sessions
from litereg.registry.tokens import digest
from litereg.registry.users import queries as users
from litereg.settings import Settings
from litereg.store import Query
from tests.cli.processes import LITEREG, environment
from tests.client import PASSWORD

LOGIN = "mutation($name: String!, $word: String!) { login(username: $name, password: $word) }"
LETTERS = Query(str, "SELECT subject FROM mail", scans="it is a test's")
ME = "{ me { username } }"


def on_registry(shell, use):
    """Return what `await use(registry)` gives, on the registry in the shell's folder."""

    async def run():
        settings = Settings(db=str(shell.folder / "litereg.db"), password_cost=4)
        registry = await Registry.open(settings)
        try:
            return await use(registry)
        finally:
            await registry.close()

    return asyncio.run(run())


def ask(shell, query, token=None, **variables):
    """Return the answer to *query*, as somebody with *token*."""
    who = Credentials(token, "bearer") if token else None
    request = Request(query, None, variables)
    return on_registry(shell, lambda registry: registry.engine.answer(request, who, "test"))


def log_in(shell, username, password=PASSWORD):
    """Return a session token, or None when the log-in is refused."""
    answer = ask(shell, LOGIN, name=username, word=password)
    return answer.body["data"] and answer.body["data"]["login"]


def read_until(terminal, words):
    """Return what a terminal shows until *words* are there."""
    shown = b""
    while words not in shown:
        shown += os.read(terminal, 1024)
    return shown


def read_letters(tx):
    return tx.all(LETTERS)


def listed(shell):
    return {user["username"]: user for user in json.loads(shell.done("user", "list", "--json"))}


def test_the_first_account_is_the_administrator_and_the_second_is_not(shell):
    first = shell.add_user("ann")
    second = shell.add_user("bob")

    assert first.stdout == "ann has an account now, an administrator.\n"
    assert second.stdout == "bob has an account now.\n"
    assert {name: user["isAdmin"] for name, user in listed(shell).items()} == {
        "ann": True,
        "bob": False,
    }


def test_an_account_works_at_once_with_a_catalog_of_its_own(shell):
    shell.add_user("ann", "--first-name", "Ann", "--last-name", "Example")

    token = log_in(shell, "ann")
    answer = ask(shell, "{ me { firstName lastName } myCatalogs { displayName } }", token)

    assert answer.body["data"] == {
        "me": {"firstName": "Ann", "lastName": "Example"},
        "myCatalogs": [{"displayName": "ann"}],
    }


def test_accounts_can_be_made_while_sign_up_is_closed(shell):
    result = shell("user", "add", "ann", "--email", "ann@example.org", "--password-stdin",
                   input=f"{PASSWORD}\n", LITEREG_SIGN_UP="no")  # fmt: skip

    assert result.exit_code == 0


def test_a_password_is_asked_for_twice_and_not_shown(shell):
    result = shell("user", "add", "ann", "--email", "ann@example.org",
                   input=f"{PASSWORD}\nsomething else 1\n{PASSWORD}\n{PASSWORD}\n")  # fmt: skip

    assert result.exit_code == 0
    assert "do not match" in result.output
    assert PASSWORD not in result.output
    assert log_in(shell, "ann")


def test_at_a_terminal_the_rule_is_said_before_the_password_is_asked_for(tmp_path):
    ours, theirs = os.openpty()
    command = [*LITEREG, "user", "add", "ann", "--email", "ann@example.org"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        before = read_until(ours, b"Password:")
        os.write(ours, f"{PASSWORD}\n".encode())
        read_until(ours, b"confirmation:")
        os.write(ours, f"{PASSWORD}\n".encode())
        after = read_until(ours, b"administrator.")
    os.close(ours)

    assert before.startswith(b"The password: 8 to 99 characters; below 16 a digit or one of")
    assert PASSWORD.encode() not in after
    assert process.returncode == 0


def test_in_a_pipe_nothing_but_the_prompt_is_said(shell):
    result = shell("user", "add", "ann", "--email", "ann@example.org",
                   input=f"{PASSWORD}\n{PASSWORD}\n")  # fmt: skip

    assert result.exit_code == 0
    assert "8 to 99" not in result.output


def test_a_password_is_never_an_argument(shell):
    result = shell("user", "add", "ann", "--email", "ann@example.org", "--password", PASSWORD)

    assert result.exit_code == 2
    assert not (shell.folder / "litereg.db").exists()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "PASSWORD_REQUIRED"),
        ("short 1", "PASSWORD_TOO_SHORT"),
        ("onlyletters", "INVALID_CHARACTERS"),
        ("1" * 100, "PASSWORD_TOO_LONG"),
    ],
)
def test_a_password_that_breaks_the_rule_is_refused_with_the_rule(shell, password, reason):
    result = shell("user", "add", "ann", "--email", "ann@example.org", "--password-stdin",
                   input=f"{password}\n")  # fmt: skip

    assert result.exit_code == 1
    assert f"{reason}: 8 to 99 characters" in result.stderr
    assert not (shell.folder / "litereg.db").exists()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven 7", "PASSWORD_TOO_SHORT: 8 to 1,024 characters"),
        ("password1", "PASSWORD_TOO_COMMON"),
        ("wilhelmina in may", "PASSWORD_HAS_NAME"),
    ],
)
def test_strict_rules_hold_in_the_shell_too(shell, monkeypatch, password, reason):
    monkeypatch.setenv("LITEREG_PASSWORD_RULES", "strict")
    add = ("user", "add", "wilhelmina", "--email", "w@example.org", "--password-stdin")
    passwd = ("user", "passwd", "wilhelmina", "--password-stdin")

    refused = shell(*add, input=f"{password}\n")
    made = shell(*add, input="four words and no digit\n")
    kept = shell(*passwd, input=f"{password}\n")

    assert (refused.exit_code, made.exit_code, kept.exit_code) == (1, 0, 1)
    assert reason in refused.stderr
    assert reason in kept.stderr


@pytest.mark.parametrize(
    ("username", "email", "reason"),
    [
        ("ann", "other@example.org", "USERNAME_NOT_AVAILABLE"),
        ("ANN", "other@example.org", "USERNAME_NOT_AVAILABLE"),
        ("bob", "Ann@example.org", "EMAIL_ADDRESS_NOT_AVAILABLE"),
        ("graphql", "bob@example.org", "RESERVED_KEYWORD"),
        ("b b", "bob@example.org", "INVALID_CHARACTERS"),
        ("bob", "bob", "INVALID_FORMAT"),
    ],
)
def test_an_account_that_cannot_be_is_refused(shell, ann, username, email, reason):
    result = shell("user", "add", username, "--email", email, "--password-stdin",
                   input=f"{PASSWORD}\n")  # fmt: skip

    assert result.exit_code == 1
    assert reason in result.stderr
    assert list(listed(shell)) == [ann]


def test_accounts_are_listed_as_a_table_for_people(shell, ann):
    shell.add_user("bob")
    shell.done("user", "suspend", "bob")

    lines = [line.split() for line in shell.done("user", "list").splitlines()]

    assert lines == [
        ["USER", "E-MAIL", "STATUS"],
        ["ann", "ann@example.org", "active", "administrator"],
        ["bob", "bob@example.org", "suspended"],
    ]


@pytest.mark.parametrize("verb", ["passwd", "suspend", "activate", "admin", "login-link"])
def test_a_name_that_is_nobodys_is_refused_with_where_to_look(shell, ann, verb):
    refused = shell("user", verb, "nobody")

    assert refused.exit_code == 1
    assert refused.stderr == (
        "Error: USER_NOT_FOUND: nobody\n`litereg user list` shows who has an account in a file.\n"
    )


async def nothing(registry):
    """Leave a registry as it was made."""


def test_a_registry_without_accounts_says_so_beside_the_result(shell):
    on_registry(shell, nothing)

    result = shell("user", "list")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "There is no account yet: `litereg user add` makes the first." in result.stderr
    assert json.loads(shell.done("user", "list", "--json")) == []


def set_up_second_factor(shell, username):
    """Give a user an app whose codes nobody needs to know."""

    def put(tx):
        user = users.find_user(tx, username)
        second_factors.put(tx, user.id, b"s" * 20, step=0, now=1)
        second_factors.replace_codes(tx, user.id, [digest(username)])

    on_registry(shell, lambda registry: registry.database.write(put))


def test_the_list_says_who_has_a_second_factor(shell, ann):
    shell.add_user("bob")
    set_up_second_factor(shell, "bob")
    before = {name: user["secondFactor"] for name, user in listed(shell).items()}
    set_up_second_factor(shell, ann)

    table = shell.done("user", "list").splitlines()

    assert before == {"ann": False, "bob": True}
    assert table[1].endswith("active  administrator, second factor")
    assert table[2].endswith("active  second factor")


def test_a_second_factor_is_turned_off_for_whoever_has_lost_it(shell, ann):
    session, key = log_in(shell, ann), shell.done("key", "create", "laptop", "--as", ann).strip()
    set_up_second_factor(shell, ann)
    refused = log_in(shell, ann)

    said = shell.done("user", "second-factor-off", "ANN", LITEREG_SMTP_SERVER="mail.example.org")

    assert refused is None
    assert said == "ann has no second factor any more.\n"
    assert [ask(shell, ME, token).status for token in (session, key)] == [401, 200]
    assert log_in(shell, ann)
    letters = on_registry(shell, lambda registry: registry.database.read(read_letters))
    assert letters == ["Your account has no second factor any more"]


def test_where_everybody_needs_one_the_next_log_in_sets_it_up(shell, ann):
    set_up_second_factor(shell, ann)

    said = shell("user", "second-factor-off", ann, LITEREG_SECOND_FACTOR="required")

    assert said.exit_code == 0
    assert said.stderr == "The next log-in sets up a new one.\n"


def test_there_is_nothing_to_turn_off_where_there_is_none(shell, ann):
    refused = shell("user", "second-factor-off", ann)

    assert refused.exit_code == 1
    assert refused.stderr.strip().endswith("SECOND_FACTOR_IS_OFF: ann has none")


def test_a_new_password_replaces_the_old_one_and_ends_sessions_but_not_keys(shell, ann):
    session = log_in(shell, ann)
    key = shell.done("key", "create", "laptop", "--as", ann).strip()

    shell.done("user", "passwd", ann, "--password-stdin", input="another horse 9\n")

    assert log_in(shell, ann) is None
    assert log_in(shell, ann, "another horse 9")
    assert ask(shell, ME, session).status == 401
    assert ask(shell, ME, key).status == 200


def test_a_suspended_user_is_kept_out_until_activated(shell, ann):
    session = log_in(shell, ann)
    key = shell.done("key", "create", "laptop", "--as", ann).strip()

    shell.done("user", "suspend", ann)
    suspended = [ask(shell, ME, session).status, ask(shell, ME, key).status, log_in(shell, ann)]
    shell.done("user", "activate", ann)

    assert suspended == [401, 401, None]
    assert ask(shell, ME, session).status == 401
    assert ask(shell, ME, key).status == 200
    assert log_in(shell, ann)


def test_an_administrator_can_be_made_and_unmade(shell, ann):
    shell.add_user("bob")

    shell.done("user", "admin", "BOB")
    shell.done("user", "admin", ann, "--revoke")

    assert {name: user["isAdmin"] for name, user in listed(shell).items()} == {
        "ann": False,
        "bob": True,
    }


def test_an_account_can_begin_as_an_administrator(shell, ann):
    shell.add_user("bob", "--admin")

    assert listed(shell)["bob"]["isAdmin"]


def test_a_login_link_stands_for_its_user_once(shell, ann):
    link = shell.done("user", "login-link", ann, LITEREG_BASE_URL="https://data.example/a/b")
    address, _, token = link.strip().partition("?token=")

    async def take(registry):
        now = time.time_ns() // 1_000_000
        return [await registry.database.write(sessions.take_link, digest(token), now)
                for _ in range(2)]  # fmt: skip

    first, second = on_registry(shell, take)

    assert address == "https://data.example/a/b/log-in"
    assert first is not None
    assert second is None


@pytest.mark.parametrize("change", [["suspend"], ["passwd", "--password-stdin"]], ids=" ".join)
def test_a_login_link_ends_with_the_way_in_that_it_stands_for(shell, ann, change):
    token = shell.done("user", "login-link", ann).strip().partition("?token=")[2]

    shell.done("user", *change, ann, input="another horse 9\n")
    shell.done("user", "activate", ann)

    async def take(registry):
        return await registry.database.write(sessions.take_link, digest(token), 0)

    assert on_registry(shell, take) is None


@pytest.mark.parametrize(
    "command", ["passwd", "admin", "suspend", "activate", "login-link", "second-factor-off"]
)
def test_an_unknown_user_is_refused(shell, ann, command):
    result = shell("user", command, "nobody")

    assert result.exit_code == 1
    assert "USER_NOT_FOUND: nobody" in result.stderr


@pytest.mark.parametrize("command", [["list"], ["suspend", "ann"], ["login-link", "ann"]])
def test_a_database_file_that_is_not_there_is_named_and_not_made(shell, command):
    result = shell("user", *command, "--db", "missing.db")

    assert result.exit_code == 2
    assert "missing.db: there is no such file" in result.stderr
    assert list(shell.folder.iterdir()) == []


def test_a_directory_that_is_not_there_is_named(shell):
    result = shell.add_user("ann", "--db", "nowhere/litereg.db")

    assert result.exit_code == 2
    assert "nowhere/litereg.db: the directory does not exist" in result.stderr
