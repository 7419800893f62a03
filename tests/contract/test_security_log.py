"""The log of a server tells who came in, who changed whose rights, and who was refused."""

import json
import signal
import urllib.request

import pyotp
import pytest

from litereg.gql.limits import MAX_WORD
from tests.cli.processes import litereg, serving
from tests.client import ALL_SCOPES, PASSWORD

LOGIN = "mutation In($n: String!, $p: String!) { login(username: $n, password: $p) }"
SIGN_UP = "mutation Up($v: CreateUserInput!) { createMe(value: $v) }"
WRONG = "wrong horse 1"


class Server:
    """A server in a process of its own, and the log that it leaves."""

    def __init__(self, folder, log_format="json", **changes):
        self.folder = folder
        self._changes = {"LITEREG_LOG_FORMAT": log_format, **changes}
        self.log = None

    def __enter__(self):
        self._serving = serving("serve", "--port", "0", cwd=self.folder, **self._changes)
        self._running = self._serving.__enter__()
        return self

    def __exit__(self, *error):
        if error[0] is None:
            _, _, self.log = self._running.stop(signal.SIGTERM)
        self._serving.__exit__(*error)

    def send(self, query, token=None, kind="Authorization", request_id="test", **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        return self.post(body, token, kind, request_id)

    def post(self, body, token=None, kind="Authorization", request_id="test"):
        headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
        if token is not None:
            headers[kind] = f"Bearer {token}" if kind == "Authorization" else token
        request = urllib.request.Request(self._running.url + "/graphql", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def sign_up(self, name):
        value = {"username": name, "emailAddress": f"{name}@example.org", "password": PASSWORD}
        return self.send(SIGN_UP, v=value)["data"]["createMe"]

    @property
    def told(self):
        """What was told beside the lines of the requests."""
        lines = [json.loads(line) for line in self.log.splitlines()]
        return [line for line in lines if line["logger"] == "litereg.security"]

    def facts(self, *names):
        return [tuple(line.get(name) for name in names) for line in self.told]


def test_a_log_in_is_told_with_who_it_was_from_where_and_how_it_ended(tmp_path):
    with Server(tmp_path) as server:
        server.sign_up("ann")
        server.send(LOGIN, n="ANN@example.org", p=PASSWORD, request_id="in-1")
        server.send(LOGIN, n="ann", p=WRONG)
        server.send(LOGIN, n="nobody", p=PASSWORD)

    facts = server.facts("message", "outcome", "reason", "how", "user", "user_id")
    assert facts == [
        ("sign-up", "done", None, None, "ann", 1),
        ("log-in", "done", None, "password", "ann", 1),
        ("log-in", "refused", "WRONG_CREDENTIALS", "password", "ann", 1),
        ("log-in", "refused", "WRONG_CREDENTIALS", "password", None, None),
    ]
    line = server.told[1]
    assert line["id"] == "in-1"
    assert line["from"] == "127.0.0.1"
    assert line["operation"] == "In"
    assert line["time"].endswith("Z")


def test_whoever_guesses_for_too_long_is_told_of_as_such(tmp_path):
    with Server(tmp_path, LITEREG_MAX_TRIES="2") as server:
        for _ in range(3):
            server.send(LOGIN, n="ann", p=WRONG)

    assert server.facts("message", "reason") == [
        ("log-in", "WRONG_CREDENTIALS"),
        ("log-in", "WRONG_CREDENTIALS"),
        ("log-in", "TOO_MANY_TRIES"),
    ]


def test_what_is_typed_as_a_name_is_not_logged(tmp_path):
    typed = ["canary-7", "a\n2026-01-01T00:00:00.000Z INFO log-in canary", "canary outcome=done"]
    with Server(tmp_path, "text") as server:
        for name in typed:
            server.send(LOGIN, n=name, p=WRONG)
            server.send(f"{{ login(username: {json.dumps(name)}, password: {json.dumps(name)}) }}")

    assert "canary" not in server.log
    beginnings = [line.split(" ", 4)[:4] for line in server.log.splitlines()]
    told = [[level, name] for _, level, name, *_ in beginnings if name in ("log-in", "refused")]
    assert told == [["INFO", "log-in"]] * 2 + [["INFO", "refused"]] * 4
    line = next(line for line in server.log.splitlines() if " log-in " in line)
    assert " INFO log-in id=test outcome=refused reason=WRONG_CREDENTIALS how=password " in line


def test_what_becomes_of_a_second_factor_is_told(tmp_path):
    begin = "mutation ($p: String!) { beginSecondFactor(password: $p) { secret } }"
    confirm = "mutation ($c: String!) { confirmSecondFactor(oneTimeCode: $c) { recoveryCodes } }"
    finish = "mutation ($t: String!, $c: String!) { finishLogin(ticket: $t, oneTimeCode: $c) }"
    both = "(password: $p, oneTimeCode: $c)"
    with Server(tmp_path) as server:
        ann = server.sign_up("ann")
        secret = server.send(begin, ann, p=PASSWORD)["data"]["beginSecondFactor"]["secret"]
        server.send(confirm, ann, c="none")
        confirmed = server.send(confirm, ann, c=pyotp.TOTP(secret).now())
        codes = confirmed["data"]["confirmSecondFactor"]["recoveryCodes"]
        refused = server.send(LOGIN, n="ann", p=PASSWORD)
        ticket = refused["errors"][0]["extensions"]["ticket"]
        server.send(finish, t=ticket, c=codes[0] + "x")
        server.send(finish, t=ticket, c=codes[0])
        server.send(finish, t="none", c=codes[1])
        variables = {"p": PASSWORD, "c": codes[1]}
        more = f"mutation ($p: String!, $c: String!) {{ newRecoveryCodes{both} }}"
        codes = server.send(more, ann, **variables)["data"]["newRecoveryCodes"]
        off = f"mutation ($p: String!, $c: String!) {{ endSecondFactor{both} }}"
        server.send(off, ann, p=WRONG, c=codes[0])
        server.send(off, ann, p=PASSWORD, c=codes[0])

    facts = server.facts("message", "how", "outcome", "reason", "by", "user", "user_id")
    assert facts[1:] == [
        ("second-factor", "begun", "done", None, "ann", None, 1),
        ("second-factor", "on", "refused", "WRONG_ONE_TIME_CODE", "ann", None, 1),
        ("second-factor", "on", "done", None, "ann", None, 1),
        ("log-in", "password", "refused", "ONE_TIME_CODE_REQUIRED", None, "ann", 1),
        ("log-in", "one-time-code", "refused", "WRONG_ONE_TIME_CODE", None, "ann", 1),
        ("log-in", "one-time-code", "done", None, None, "ann", 1),
        ("recovery-code-used", None, "done", None, None, None, 1),
        ("log-in", "one-time-code", "refused", "TOKEN_NOT_VALID", None, None, None),
        ("second-factor", "new-recovery-codes", "done", None, "ann", None, None),
        ("recovery-code-used", None, "done", None, "ann", None, 1),
        ("second-factor", "off", "refused", "WRONG_CREDENTIALS", "ann", None, None),
        ("second-factor", "off", "done", None, "ann", None, None),
        ("recovery-code-used", None, "done", None, "ann", None, 1),
    ]
    for hidden in (secret, ticket, *codes):
        assert hidden not in server.log


def test_whatever_changes_who_may_come_in_is_told(tmp_path):
    with Server(tmp_path) as server:
        root = server.sign_up("root")
        server.sign_up("ann")
        ann = server.send(LOGIN, n="ann", p=PASSWORD)["data"]["login"]
        made = server.send(
            "mutation ($v: CreateAPIKeyInput!) { createAPIKey(value: $v) { id token } }",
            ann,
            v={"label": "laptop", "scopes": ALL_SCOPES},
        )["data"]["createAPIKey"]
        by_key = {"token": made["token"], "kind": "X-API-Key"}
        server.send(
            'mutation { updateMe(value: {emailAddress: "a@example.net"}) { username } }', **by_key
        )
        server.send(
            "mutation ($i: String!) { deleteAPIKey(id: $i) { id } }",
            ann,
            i=made["id"],
        )
        change = """mutation ($o: String!, $n: String!) {
          updateMyPassword(value: {oldPassword: $o, newPassword: $n}) }"""
        server.send(change, ann, o=WRONG, n="another horse 2")
        server.send(change, ann, o=PASSWORD, n="another horse 2")
        server.send(f'mutation {{ endOtherSessions(password: "{WRONG}") }}', ann)
        server.send("mutation { logout }", ann)
        server.send('mutation { setAsAdmin(username: "ann", isAdmin: true) }', root)
        server.send('mutation { setLabelManager(username: "ann", isManager: true) }', root)
        suspend = 'mutation { adminSetUserStatus(username: "ann", status: SUSPENDED) }'
        server.send(suspend, root)
        server.send(LOGIN, n="ann", p="another horse 2")
        server.send(suspend.replace("SUSPENDED", "ACTIVE"), root)
        server.send('mutation { adminDeleteUser(usernameOrEmailAddress: "ann") }', root)
        server.send("mutation { deleteMe }", root)
        server.sign_up("bob")
        server.send('mutation { setAsAdmin(username: "bob", isAdmin: true) }', root)
        server.send("mutation { deleteMe }", root)

    facts = server.facts("message", "outcome", "reason", "by", "user")
    assert facts[3:] == [
        ("new-key", "done", None, "ann", None),
        ("new-address", "done", None, "ann", None),
        ("key-deleted", "done", None, "ann", None),
        ("new-password", "refused", "WRONG_CREDENTIALS", "ann", None),
        ("new-password", "done", None, "ann", None),
        ("log-out", "refused", "WRONG_CREDENTIALS", "ann", None),
        ("log-out", "done", None, "ann", None),
        ("administrator", "done", None, "root", "ann"),
        ("label-manager", "done", None, "root", "ann"),
        ("account-suspended", "done", None, "root", "ann"),
        ("log-in", "refused", "ACCOUNT_SUSPENDED", None, "ann"),
        ("account-activated", "done", None, "root", "ann"),
        ("account-closed", "done", None, "root", "ann"),
        ("account-closed", "refused", "LAST_ADMINISTRATOR", "root", "root"),
        ("sign-up", "done", None, None, "bob"),
        ("administrator", "done", None, "root", "bob"),
        ("account-closed", "done", None, "root", "root"),
    ]
    assert server.told[3]["what"] == server.told[5]["what"] == made["id"]
    assert server.told[4]["by_key"] == made["id"]


def test_who_was_given_what_is_told_without_the_words_to_them(tmp_path):
    with Server(tmp_path) as server:
        ann = server.sign_up("ann")
        server.sign_up("bob")
        rain, maps = '{catalogSlug: "ann", packageSlug: "rain"}', '{collectionSlug: "maps"}'
        for mutation in (
            """createPackage(value: {
              catalogSlug: "ann", packageSlug: "rain", displayName: "Rain"}) { displayName }""",
            'createCollection(value: {collectionSlug: "maps", name: "Maps"}) { name }',
            """setUserCatalogPermission(identifier: {catalogSlug: "ANN"}, message: "canary",
              value: {usernameOrEmailAddress: "bob@example.org",
              permission: [VIEW], packagePermissions: [VIEW, EDIT]})""",
            'deleteUserCatalogPermissions(identifier: {catalogSlug: "ann"},'
            ' usernameOrEmailAddress: "bob")',
            'removeUserFromCatalog(catalogSlug: "ann", username: "bob") { username }',
            f"""setPackagePermissions(identifier: {rain}, value: {{
              username: "BOB", permissions: [MANAGE]}}) {{ username }}""",
            f'removePackagePermissions(identifier: {rain}, username: "bob")',
            f"""setUserCollectionPermissions(identifier: {maps}, message: "canary", value: {{
              usernameOrEmailAddress: "bob", permissions: [EDIT]}})""",
            f'deleteUserCollectionPermissions(identifier: {maps}, usernameOrEmailAddress: "bob")',
        ):
            assert "errors" not in server.send(f"mutation {{ {mutation} }}", ann)

    told = server.facts("message", "what", "how", "outcome", "by", "user", "user_id")[2:]
    assert {line[3:] for line in told} == {("done", "ann", "bob", 2)}
    assert [line[:3] for line in told] == [
        ("permission", "catalog/ann", "VIEW,packages:VIEW,packages:EDIT"),
        ("permission", "catalog/ann", "taken-back"),
        ("permission", "catalog/ann", "taken-back"),
        ("permission", "package/ann/rain", "MANAGE"),
        ("permission", "package/ann/rain", "taken-back"),
        ("permission", "collection/maps", "EDIT"),
        ("permission", "collection/maps", "taken-back"),
    ]
    assert "canary" not in server.log


def test_what_is_opened_to_everybody_and_closed_again_is_told(tmp_path):
    rain, maps = '{catalogSlug: "%s", packageSlug: "rain"}', '{collectionSlug: "maps"}'
    with Server(tmp_path) as server:
        ann = server.sign_up("ann")
        for mutation in (
            """createPackage(value: {
              catalogSlug: "ann", packageSlug: "rain", displayName: "Rain"}) { displayName }""",
            """createCatalog(value: {
              slug: "open", displayName: "Open", isPublic: true}) { displayName }""",
            """createCatalog(value: {
              slug: "closed", displayName: "Closed", isPublic: false}) { displayName }""",
            'createCollection(value: {collectionSlug: "maps", name: "Maps"}) { name }',
            'updateCatalog(identifier: {catalogSlug: "ANN"}, value: {isPublic: true}) { website }',
            'updateCatalog(identifier: {catalogSlug: "ann"}, value: {isPublic: true}) { website }',
            f"updatePackage(identifier: {rain % 'ann'}, value: {{isPublic: true}}) {{ isPublic }}",
            f"""movePackage(identifier: {rain % "ann"},
              catalogIdentifier: {{catalogSlug: "closed"}})""",
            f"""updatePackage(identifier: {rain % "closed"},
              value: {{newCatalogSlug: "open", displayName: "Rain"}}) {{ displayName }}""",
            f"""updatePackage(identifier: {rain % "open"},
              value: {{isPublic: false}}) {{ isPublic }}""",
            f"""movePackage(identifier: {rain % "open"},
              catalogIdentifier: {{catalogSlug: "closed"}})""",
            f"updateCollection(identifier: {maps}, value: {{isPublic: true}}) {{ name }}",
            f'updateCollection(identifier: {maps}, value: {{name: "Maps 2"}}) {{ name }}',
            f"updateCollection(identifier: {maps}, value: {{isPublic: false}}) {{ name }}",
        ):
            assert "errors" not in server.send(f"mutation {{ {mutation} }}", ann), mutation

    told = server.facts("message", "what", "how", "outcome", "by", "user")[1:]
    assert {(line[0], *line[3:]) for line in told} == {("visibility", "done", "ann", None)}
    assert [line[1:3] for line in told] == [
        ("catalog/open", "public"),
        ("catalog/ann", "public"),
        ("package/ann/rain", "public"),
        ("package/ann/rain", "private"),
        ("package/closed/rain", "public"),
        ("package/open/rain", "private"),
        ("collection/maps", "public"),
        ("collection/maps", "private"),
    ]


def test_what_is_not_opened_in_the_end_is_told_as_undone(tmp_path):
    with Server(tmp_path) as server:
        ann = server.sign_up("ann")
        server.send(
            """mutation {
              updateCatalog(identifier: {catalogSlug: "ann"}, value: {isPublic: true}) { website }
              deleteAPIKey(id: "none") { id }
            }""",
            ann,
        )
        server.send(
            """mutation {
              updateCatalog(identifier: {catalogSlug: "ann"}, value: {isPublic: true}) { website }
            }"""
        )

    assert server.facts("message", "outcome", "what", "how", "reason")[1] == (
        "visibility",
        "undone",
        "catalog/ann",
        "public",
        None,
    )
    assert server.facts("message", "reason")[-1] == ("refused", "NOT_AUTHENTICATED")


def test_what_may_not_be_shared_or_not_be_taken_is_told_as_such(tmp_path):
    give = """mutation Give { setUserCatalogPermission(identifier: {catalogSlug: "ann"}, value: {
      usernameOrEmailAddress: "%s", permission: [%s], packagePermissions: []}) }"""
    with Server(tmp_path) as server:
        ann, bob = server.sign_up("ann"), server.sign_up("bob")
        server.send(give % ("bob", "MANAGE"), bob)
        server.send(give % ("ann", ""), ann)
        server.send(give % ("canary", "VIEW"), ann)

    assert server.facts("message", "outcome", "reason", "field", "how", "user", "by")[2:] == [
        ("refused", None, "NOT_AUTHORIZED", "setUserCatalogPermission", None, None, "bob"),
        ("permission", "undone", None, None, "taken-back", "ann", "ann"),
        ("refused", None, "LAST_MANAGER", "setUserCatalogPermission", None, None, "ann"),
    ]
    assert "canary" not in server.log


def test_a_log_in_by_link_is_told(tmp_path):
    assert (
        litereg(
            "user",
            "add",
            "ann",
            "--email",
            "ann@example.org",
            cwd=tmp_path,
            input=f"{PASSWORD}\n{PASSWORD}\n",
        ).returncode
        == 0
    )
    link = litereg("user", "login-link", "ann", cwd=tmp_path).stdout.split("token=")[1].split()[0]
    use = "mutation ($t: String!) { useLoginLink(token: $t) }"
    with Server(tmp_path) as server:
        server.send(use, t=link)
        server.send(use, t=link)

    assert server.facts("message", "outcome", "reason", "how", "user_id") == [
        ("log-in", "done", None, "link", 1),
        ("log-in", "refused", "TOKEN_NOT_VALID", "link", None),
    ]


def test_all_refusals_of_one_answer_are_one_line(tmp_path):
    with Server(tmp_path) as server:
        server.send("mutation Out {" + " ".join(f"a{n}: logout" for n in range(10)) + "}")
        server.sign_up("root")
        bob = server.sign_up("bob")
        server.send("query Status { first: adminStatus { catalogs } }", bob)

    refused = [line for line in server.told if line["message"] == "refused"]
    shown = [[line.get(name) for name in ("reason", "field", "count", "by")] for line in refused]
    assert shown == [
        ["NOT_AUTHENTICATED", "logout", 10, None],
        ["NOT_AUTHORIZED", "adminStatus", None, "bob"],
    ]


def test_a_change_that_was_undone_with_another_is_told_as_undone(tmp_path):
    with Server(tmp_path) as server:
        root = server.sign_up("root")
        server.sign_up("ann")
        server.send(
            """mutation {
              setAsAdmin(username: "ann", isAdmin: true)
              again: setAsAdmin(username: "nobody", isAdmin: true)
            }""",
            root,
        )

    assert server.facts("message", "outcome", "reason", "user")[2:] == [
        ("administrator", "undone", None, "ann"),
        ("administrator", "refused", "USER_NOT_FOUND", None),
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{ me {", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}", "TOO_MANY_ALIASES"),
        (
            """mutation { createMe(
              value: {username: "b", emailAddress: "b@example.org", password: "x"}) }""",
            "PASSWORD_TOO_SHORT",
        ),
    ],
)
def test_what_breaks_a_rule_is_told_by_the_rule(tmp_path, query, reason):
    with Server(tmp_path) as server:
        server.send(query)

    assert server.facts("message", "reason") == [("refused", reason)]


def test_a_key_that_is_none_is_told(tmp_path):
    with Server(tmp_path) as server:
        server.send("{ me { username } }", "canary-key", "X-API-Key")

    assert server.facts("message", "reason") == [("refused", "API_KEY_NOT_FOUND")]
    assert "canary" not in server.log


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_name_of_an_operation_that_there_is_not_is_not_logged(tmp_path, log_format):
    name = "canary user=root outcome=done " * 100
    with Server(tmp_path, log_format) as server:
        for query in ("query A { me { username } } query B { me { username } }", "{ nothing }"):
            server.post(json.dumps({"query": query, "operationName": name}).encode())

    assert server.log.count("GRAPHQL_VALIDATION_FAILED") == 2
    assert "canary" not in server.log


def test_of_a_long_name_of_an_operation_the_beginning_is_logged(tmp_path):
    name = "Canary".ljust(MAX_WORD, "x")
    with Server(tmp_path) as server:
        server.send(f'mutation {name} {{ login(username: "ann", password: "{WRONG}") }}')
        server.post(json.dumps([{"query": f"query {name} {{ __typename }}"}] * 2).encode())

    lines = [json.loads(line) for line in server.log.splitlines()]
    told = [line["operation"] for line in lines if line.get("operation")]
    assert len(told) == 3
    assert all(text.startswith("Canaryx") and len(text) <= 2 * 100 + 1 for text in told)


def test_reading_in_peace_is_told_by_its_line_alone(tmp_path):
    with Server(tmp_path) as server:
        for _ in range(3):
            server.send("{ latestPackages(offSet: 0, limit: 5) { count } }")
        server.send('{ user(username: "nobody") { username } }')

    assert server.told == []
    assert server.log.count('"message":"request"') == 4


def test_a_batch_tells_of_each_of_its_requests(tmp_path):
    with Server(tmp_path) as server:
        one = {"query": LOGIN, "variables": {"n": "ann", "p": WRONG}}
        server.post(json.dumps([one] * 10).encode())

    assert server.facts("message", "reason") == [("log-in", "WRONG_CREDENTIALS")] * 10
