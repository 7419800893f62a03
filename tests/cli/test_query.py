import json

import pytest

from litereg.app import sdl

ME = "query Me { me { username } }"


def test_a_document_is_run_from_a_file(shell, target):
    (shell.folder / "me.graphql").write_text(ME)

    answer = json.loads(shell.done("query", "me.graphql", *target))

    assert answer == {"data": {"me": {"username": "ann"}}}


@pytest.mark.parametrize("document", [ME, "{ me { username } }", f"# Who am I?\n{ME}"])
def test_a_document_is_run_as_it_stands(shell, target, document):
    answer = json.loads(shell.done("query", document, *target))

    assert answer == {"data": {"me": {"username": "ann"}}}


def test_a_file_that_is_called_like_a_document_is_read(shell, target):
    name = "{ me { email } }"
    (shell.folder / name).write_text(ME)

    assert json.loads(shell.done("query", name, *target)) == {"data": {"me": {"username": "ann"}}}


def test_a_long_document_is_no_name_of_a_file(shell, target):
    document = "{ me { username" + " " * 5_000 + "} }"

    assert shell("query", document, *target).exit_code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("query.graphql", "query.graphql: No such file or directory"),
        ("mutation", "mutation: No such file or directory"),
        ("latin.graphql", "latin.graphql: this is no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(shell, name, said):
    (shell.folder / "latin.graphql").write_bytes("# Größe\n{ me }".encode("latin-1"))

    refused = shell("query", name)

    assert refused.exit_code == 2
    assert said in refused.stderr


def test_variables_are_json_or_else_text(shell, target):
    document = """
        query($limit: Int!, $name: String!) {
          latestPackages(offSet: 0, limit: $limit) { hasMore }
          user(username: $name) { username }
        }
    """

    answer = json.loads(
        shell.done("query", "-", "--var", "limit=1", "--var", "name=ann", *target, input=document)
    )

    assert answer["data"]["user"] == {"username": "ann"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ nothingOfThatName }", "Cannot query field"),
        ("{ me { ", "Syntax Error"),
        ("query($name: String!) { user(username: $name) { username } }", "$name"),
        ('{ user(username: "no-such-user") { username } }', "USER_NOT_FOUND"),
    ],
)
def test_errors_are_printed_as_the_answer_and_end_with_a_code(shell, target, document, message):
    result = shell("query", "-", *target, input=document)

    assert result.exit_code == 1
    assert message in json.loads(result.stdout)["errors"][0]["message"]
    assert message in result.stderr


def test_an_answer_is_the_same_from_a_file_and_from_an_address(shell, served):
    local, remote = ("--db", served.file, "--as", "ann"), ("--url", served.url, "--key", served.key)

    for document in (ME, "{ nothing }", "{ me", '{ user(username: "nobody") { username } }'):
        answers = [shell("query", "-", *way, input=document).stdout for way in (local, remote)]
        assert answers[0] == answers[1]


def test_a_variable_without_a_value_is_wrong_use(shell):
    result = shell("query", "-", "--var", "limit", input=ME)

    assert result.exit_code == 2
    assert "'limit' is not of the form NAME=VALUE" in result.stderr


def test_schema_prints_the_reference_manual(shell):
    assert shell.done("schema") == sdl()
