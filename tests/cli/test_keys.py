import json

from litereg.cli.callers import Remote


def test_a_key_is_printed_alone_so_that_it_can_be_piped(shell, ann):
    made = shell("key", "create", "laptop", "--as", ann)

    assert made.exit_code == 0
    assert len(made.stdout.split()) == 1
    assert "not shown again" in made.stderr


def test_keys_are_listed_without_their_secrets(shell, ann):
    token = shell.done("key", "create", "laptop", "--as", ann).strip()

    table = shell.done("key", "list", "--as", ann)
    (found,) = json.loads(shell.done("key", "list", "--as", ann, "--json"))

    assert "laptop" in table
    assert "never" in table
    assert token not in table
    assert found.keys() == {"id", "label", "createdAt", "lastUsed"}


def test_a_key_is_revoked_by_label_or_id(shell, ann):
    shell.done("key", "create", "laptop", "--as", ann)
    made = json.loads(shell.done("key", "create", "desk", "--as", ann, "--json"))

    assert shell.done("key", "revoke", "laptop", "--as", ann) == "The key laptop is gone.\n"
    assert shell.done("key", "revoke", made["id"], "--as", ann) == "The key desk is gone.\n"

    listed = shell("key", "list", "--as", ann)
    assert (listed.exit_code, listed.stdout) == (0, "")
    assert listed.stderr == "There is no key.\n"


def test_a_label_is_used_once(shell, ann):
    shell.done("key", "create", "laptop", "--as", ann)

    result = shell("key", "create", "laptop", "--as", ann)

    assert result.exit_code == 1
    assert "APIKEY_LABEL_NOT_AVIALABLE" in result.stderr
    assert result.stdout == ""


def test_a_key_that_is_not_there_cannot_be_revoked(shell, ann):
    result = shell("key", "revoke", "laptop", "--as", ann)

    assert result.exit_code == 1
    assert "API_KEY_NOT_FOUND: no key of yours is called laptop" in result.stderr


def test_nobody_has_no_keys(shell, ann):
    result = shell("key", "list")

    assert result.exit_code == 1
    assert "NOT_AUTHENTICATED" in result.stderr
    assert "--as USER" in result.stderr


def test_an_unknown_and_a_suspended_user_cannot_be_acted_as(shell, ann):
    shell.done("user", "suspend", ann)

    unknown = shell("key", "list", "--as", "nobody")
    suspended = shell("key", "list", "--as", ann)

    assert (unknown.exit_code, suspended.exit_code) == (1, 1)
    assert "USER_NOT_FOUND: nobody" in unknown.stderr
    assert "ann is suspended" in suspended.stderr


def test_the_keys_of_a_registry_at_an_address_are_managed_alike(shell, served):
    remote = ("--url", served.url, "--key", served.key)

    token = shell.done("key", "create", "laptop", *remote).strip()
    caller = Remote(served.url, token)
    assert caller.call("me") == {"me": {"username": "ann"}}
    shell.done("key", "revoke", "laptop", *remote)
    refused = shell("key", "list", "--url", served.url, "--key", token)

    assert refused.exit_code == 1
    assert "API_KEY_NOT_FOUND" in refused.stderr
