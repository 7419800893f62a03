"""What scanners of GraphQL servers look for, and what they find here.

Each check sends what such a scanner sends and says whether it would report it. Two reports are
wanted in an ordinary registry, whose API is made for other people's programs: the schema can be
read, and a slip in a document is answered with what was probably meant. A playground and short
batches belong to it too. A hardened registry shows neither schema nor hints.
"""

from dataclasses import replace
from typing import NamedTuple

import pytest
from graphql import get_introspection_query

from litereg.app import Registry, create_app

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    status: int
    headers: dict
    body: object


@pytest.fixture(params=[False, True], ids=["ordinary", "hardened"])
async def site(request, settings, aiohttp_client):
    """An address that is scanned without any log-in."""
    registry = await Registry.open(replace(settings, hardened=request.param))
    client = await aiohttp_client(create_app(registry.settings, registry))
    client.hardened = request.param
    yield client
    await registry.close()


async def ask(site, query, method="POST", **options):
    if method == "POST":
        options.setdefault("json", {"query": query})
    else:
        options.setdefault("params", {"query": query})
    async with site.request(method, "/graphql", **options) as response:
        is_json = "json" in response.content_type
        body = await (response.json() if is_json else response.text())
        return Answer(response.status, response.headers, body)


def errors(answer):
    return answer.body.get("errors", []) if isinstance(answer.body, dict) else []


async def introspection(site):
    answer = await ask(site, "{ __schema { types { name } } }")
    return "types" in str(answer.body)


async def whole_introspection(site):
    return "queryType" in str((await ask(site, get_introspection_query())).body)


async def suggestions(site):
    return "Did you mean" in str((await ask(site, "{ searchPackage }")).body)


async def circular_introspection(site):
    text = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    return not errors(await ask(site, text))


async def alias_overloading(site):
    text = " ".join(f"alias{n}: __typename" for n in range(101))
    return not errors(await ask(site, f"{{ {text} }}"))


async def field_duplication(site):
    return not errors(await ask(site, "{ " + "__typename " * 500 + "}"))


async def directive_overloading(site):
    answer = await ask(site, "{ __typename " + "@aa" * 10 + "@bb" * 50 + " }")
    # Many errors for many directives would mean that each was looked at.
    return len(errors(answer)) > 5


async def repeated_known_directives(site):
    return not errors(await ask(site, "{ __typename " + "@include(if: true)" * 51 + " }"))


async def long_batches(site):
    answer = await ask(site, "", json=[{"query": "{ __typename }"}] * 11)
    return isinstance(answer.body, list)


async def short_batches(site):
    answer = await ask(site, "", json=[{"query": "{ __typename }"}] * 10)
    return isinstance(answer.body, list)


async def mutations_over_get(site):
    answer = await ask(site, "mutation { logout }", "GET")
    return answer.status != 405


async def log_in_over_get(site):
    text = '{ login(username: "ann", password: "correct horse 9") }'
    return (await ask(site, text, "GET")).status != 405


async def queries_over_get(site):
    return (await ask(site, "{ __typename }", "GET")).body == {"data": {"__typename": "Query"}}


async def urlencoded_posts(site):
    answer = await ask(site, "", json=None, data="query=%7B__typename%7D", headers=FORM)
    return answer.status != 415


async def urlencoded_mutations(site):
    answer = await ask(site, "", json=None, data="query=mutation%7Blogout%7D", headers=FORM)
    return answer.status != 415


async def traces(site):
    headers = {"X-Apollo-Tracing": "1"}
    answer = await ask(site, "{ __typename }", headers=headers)
    return "tracing" in str(answer.body) or "extensions" in answer.body


async def unhandled_errors(site):
    texts = [
        "qwerty cop { abc }",
        "{ usernameAvailable(username: 7) }",
        "{",
        '{ a(b: """ }',
        "\ufffe",
    ]
    answers = [await ask(site, text) for text in texts]
    words = ("exception", "Traceback", "stacktrace", "File ", ".py", "graphql-core", "Internal")
    return any(word in str(answer.body) for answer in answers for word in words)


async def playground(site):
    answer = await ask(site, "", "GET", params={}, headers={"Accept": "text/html"})
    return "playground" in str(answer.body).lower()


async def told_versions(site):
    answer = await ask(site, "{ __typename }")
    return any(word in str(answer.headers) for word in ("aiohttp", "Python", "X-Powered-By"))


async def allowed_origins(site):
    answer = await ask(site, "{ __typename }", headers={"Origin": "https://evil.example"})
    return "Access-Control-Allow-Origin" in answer.headers


# Check → whether it reports something of an ordinary registry, and of a hardened one.
FINDINGS = {
    introspection: (True, False),
    whole_introspection: (True, False),
    suggestions: (True, False),
    # What its pages, other people's clients and the contract need; each is bounded.
    short_batches: (True, True),
    queries_over_get: (True, True),
    playground: (True, True),
    circular_introspection: (False, False),
    alias_overloading: (False, False),
    field_duplication: (False, False),
    directive_overloading: (False, False),
    repeated_known_directives: (False, False),
    long_batches: (False, False),
    mutations_over_get: (False, False),
    log_in_over_get: (False, False),
    urlencoded_posts: (False, False),
    urlencoded_mutations: (False, False),
    traces: (False, False),
    unhandled_errors: (False, False),
    told_versions: (False, False),
    allowed_origins: (False, False),
}


@pytest.mark.parametrize("check", FINDINGS, ids=lambda check: check.__name__)
async def test_a_scanner_reports_what_is_meant_and_nothing_else(site, check):
    assert await check(site) is FINDINGS[check][site.hardened]
