"""Hostile documents and bodies, and what each is answered.

Data, and the few functions that write it: `test_corpus.py` holds the answers to it, and the trust
table what it costs. A body is made when it is needed, because some of them are large.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

MIB = 1024 * 1024
PARSE = "GRAPHQL_PARSE_FAILED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
LIMIT = "LIMIT_EXCEEDED"
BAD = "BAD_REQUEST"
INPUT = "BAD_USER_INPUT"


@dataclass(frozen=True)
class Case:
    """One hostile request.

    Attributes:
        name: what is hostile about it.
        body: makes the body.
        status: the HTTP status of the answer.
        code: the code of its first error; None when there is none.
        says: what the message of the first error has in it.
        known: it is sent by somebody who is logged in.
        headers: what it carries besides the usual.
    """

    name: str
    body: Callable[[], bytes]
    status: int
    code: str | None
    says: str = ""
    known: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def query(text: str, **variables: object) -> Callable[[], bytes]:
    """Return what makes a request of a document."""
    return lambda: json.dumps({"query": text, "variables": variables}).encode()


def document(name: str, text: str, status: int, code: str | None, says: str = "", **more) -> Case:
    return Case(name, query(text), status, code, says, **more)


def body(name: str, content: bytes, says: str = "", status: int = 400, code: str = BAD) -> Case:
    return Case(name, lambda: content, status, code, says)


def many(count: int, each: Callable[[int], str]) -> str:
    return " ".join(map(each, range(count)))


SEARCH = 'searchPackages(query: "a", offSet: 0, limit: 1)'


def in_packages(selection: str) -> str:
    return f"{{ {SEARCH} {{ packages {{ {selection} }} }} }}"


def nested(levels: int) -> str:
    """Packages of catalogs of packages, so many levels deep in fields."""
    return in_packages("catalog { packages { " * levels + "displayName" + " } }" * levels)


def bomb(fragments: int, width: int) -> str:
    """Fragments each of which spreads the next one *width* times."""
    parts = [
        f"fragment F{n} on Package {{ "
        + many(width, lambda k, n=n: f"a{k}: catalog {{ packages {{ ...F{n + 1} }} }}")
        + " }"
        for n in range(fragments)
    ]
    last = f"fragment F{fragments} on Package {{ displayName }}"
    return f"{in_packages('...F0')} {' '.join(parts)} {last}"


def overlapping(fragments: int, width: int) -> str:
    """Fragments that all select the same, so that each has to be compared with each."""
    names = ("displayName", "description", "isPublic", "website", "__typename")[:width]
    parts = many(
        fragments, lambda n: f"fragment F{n} on Package {{ catalog {{ {' '.join(names)} }} }}"
    )
    return f"{in_packages(many(fragments, lambda n: f'...F{n}'))} {parts}"


def chain(length: int) -> str:
    parts = many(length, lambda n: f"fragment F{n} on Query {{ ...F{n + 1} }}")
    return f"{{ ...F0 }} {parts} fragment F{length} on Query {{ __typename }}"


def login(number: int) -> str:
    return f'a{number}: login(username: "nobody", password: "guess number {number}")'


DEEP = 100_000
CIRCLE = "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }"
DOCUMENTS = [
    # Nesting, which the parser, the limits and the recursion of Python each end at another depth.
    document("100,000 braces that never close", "{" * DEEP, 400, PARSE),
    document("900 braces", "{" * 900, 400, PARSE),
    document("300 fields in each other", "{ a " * 300 + "}" * 300, 400, PARSE, "nested too deeply"),
    document(
        "90 inline fragments in each other",
        "{ " + "... { " * 90 + "__typename" + " }" * 91,
        200,
        None,
    ),
    document(
        "a list in a list, 400 deep",
        f"{{ a(b: {'[' * 400}{']' * 400}) }}",
        400,
        PARSE,
        "nested too deeply",
    ),
    document(
        "an object in an object, 300 deep",
        f"{{ a(b: {'{c: ' * 300}1{'}' * 300}) }}",
        400,
        PARSE,
        "nested too deeply",
    ),
    document(
        "a list type, 400 deep",
        f"query ($a: {'[' * 400}Int{']' * 400}) {{ a }}",
        400,
        PARSE,
        "nested too deeply",
    ),
    document("16 levels of fields", nested(7), 400, LIMIT, "TOO_DEEP: 17 found, 15 allowed"),
    document(
        "types of types of types",
        "{ __schema { types { " + "ofType { " * 30 + "name" + " }" * 33,
        400,
        LIMIT,
        "INTROSPECTION_TOO_DEEP",
    ),
    document(
        "fields of types of fields",
        "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }",
        400,
        INVALID,
        "Maximum introspection depth",
    ),
    # Numbers of things.
    document(
        "31 aliases",
        f"{{ {many(31, lambda n: f'a{n}: __typename')} }}",
        400,
        LIMIT,
        "TOO_MANY_ALIASES",
    ),
    document(
        "300 aliases",
        f"{{ {many(300, lambda n: f'a{n}: __typename')} }}",
        400,
        LIMIT,
        "TOO_MANY_ALIASES",
    ),
    document(
        "1,000 aliases",
        f"{{ {many(1_000, lambda n: f'a{n}: __typename')} }}",
        400,
        LIMIT,
        "TOO_MANY_TOKENS",
    ),
    document(
        "30 log-ins in a query",
        f"{{ {many(30, login)} }}",
        200,
        "UNAUTHENTICATED",
        "WRONG_CREDENTIALS",
    ),
    document(
        "10 log-ins in a mutation",
        f"mutation {{ {many(10, login)} }}",
        200,
        "UNAUTHENTICATED",
        "WRONG_CREDENTIALS",
    ),
    document(
        "11 log-ins in a mutation",
        f"mutation {{ {many(11, login)} }}",
        400,
        LIMIT,
        "TOO_MANY_MUTATIONS",
    ),
    document(
        "500 times the same field",
        f"{{ {'__typename ' * 500} }}",
        400,
        LIMIT,
        "TOO_MANY_SELECTIONS_UNDER_ONE_NAME",
    ),
    document(
        "21 times the same field in fragments",
        "{ " + "... { __typename } " * 21 + "}",
        400,
        LIMIT,
        "TOO_MANY_SELECTIONS_UNDER_ONE_NAME",
    ),
    document(
        "501 fields",
        in_packages(many(500, lambda n: f"f{n}")),
        400,
        LIMIT,
        "TOO_MANY_FIELDS",
        known=True,
    ),
    document(
        "51 directives",
        f"{{ __typename {'@skip(if: false) ' * 51} }}",
        400,
        LIMIT,
        "TOO_MANY_DIRECTIVES",
    ),
    document(
        "100 directives nobody knows",
        f"{{ __typename {many(100, lambda n: f'@d{n}')} }}",
        400,
        LIMIT,
        "TOO_MANY_DIRECTIVES",
    ),
    document(
        "51 spreads",
        in_packages(many(3, lambda n: f"c{n}: catalog {{ {'...T ' * 17} }}"))
        + " fragment T on Catalog { website }",
        400,
        LIMIT,
        "TOO_MANY_FRAGMENT_SPREADS",
    ),
    document(
        "11 operations",
        many(11, lambda n: f"query Q{n} {{ __typename }}"),
        400,
        LIMIT,
        "TOO_MANY_OPERATIONS",
    ),
    document(
        "1,001 tokens", f"{{ a(b: [{'1 ' * 994}]) }}", 400, LIMIT, "TOO_MANY_TOKENS: at most 1000"
    ),
    document(
        "20,001 tokens",
        f"{{ a(b: [{'1 ' * 20_000}]) }}",
        400,
        LIMIT,
        "TOO_MANY_TOKENS: at most 20000",
        known=True,
    ),
    document(
        "4,000 variables",
        f"query ({many(4_000, lambda n: f'$a{n}: Int')}) {{ __typename }}",
        200,
        None,
        known=True,
    ),
    document(
        "300 arguments nobody takes",
        f"{{ __typename(a: 1 {many(300, lambda n: f'a{n}: 1')}) }}",
        400,
        INVALID,
    ),
    document(
        "200 arguments nobody takes",
        f"{{ registryStatus({many(200, lambda n: f'a{n}: 1')}) {{ status }} }}",
        400,
        INVALID,
    ),
    document(
        "300 fields nobody has", f"{{ {many(300, lambda n: f'searchPackagez{n}')} }}", 400, INVALID
    ),
    # Fragments.
    document(
        "a million fields in twenty fragments", bomb(20, 2), 400, LIMIT, "TOO_DEEP", known=True
    ),
    document(
        "3,125 fields in five fragments", bomb(5, 5), 400, LIMIT, "TOO_MANY_FIELDS", known=True
    ),
    document(
        "a fragment that spreads itself", "{ ...F } fragment F on Query { ...F }", 400, INVALID
    ),
    document("two fragments in a circle", CIRCLE, 400, INVALID),
    document("a fragment that is not there", "{ ...F }", 400, INVALID),
    document("a chain of 3,000 fragments", chain(3_000), 400, LIMIT, known=True),
    document("a chain of 49 fragments", chain(48), 200, None),
    document("20 fragments with the same fields", overlapping(20, 5), 200, None),
    document(
        "60 fragments nobody uses",
        "{ __typename } " + many(60, lambda n: f"fragment F{n} on Query {{ __typename }}"),
        400,
        LIMIT,
    ),
    document(
        "the same fragment 40 times",
        "{ ...F } " + "fragment F on Query { __typename } " * 40,
        400,
        INVALID,
    ),
    # Answers that would be far larger than their documents.
    document("packages of catalogs of packages", nested(5), 200, None),
    document(
        "the whole schema 20 times",
        "{ " + "... { __schema { types { fields { args { name } } } } } " * 20 + "}",
        200,
        None,
    ),
    # Texts.
    document("nothing", "", 400, INVALID, "QUERY_REQUIRED"),
    document("spaces", " " * 100_000, 400, INVALID, "QUERY_REQUIRED"),
    document("900,000 spaces before the document", " " * 900_000 + "{ __typename }", 200, None),
    document("300,000 commas", "," * 300_000 + "{ __typename }", 200, None),
    document(
        "a comment of 900,000 characters", "#" + "a" * 900_000 + "\n{ __typename }", 200, None
    ),
    document("300,000 comments", "#\n" * 300_000 + "{ __typename }", 400, LIMIT),
    document(
        "a text of 900,000 characters",
        f'{{ usernameAvailable(username: "{"a" * 900_000}") }}',
        200,
        INVALID,
        "USERNAME_TOO_LONG",
    ),
    document(
        "a block text of 300,000 lines",
        f'{{ usernameAvailable(username: """{chr(10) * 300_000}""") }}',
        200,
        INVALID,
    ),
    document(
        "a text that never ends", '{ usernameAvailable(username: "' + "a" * 900_000, 400, PARSE
    ),
    document("NUL in a text", '{ usernameAvailable(username: "a\\u0000b") }', 400, INVALID, "NUL"),
    document(
        "half of a pair in a text", '{ usernameAvailable(username: "a\\ud800b") }', 400, PARSE
    ),
    document("a byte order mark", "\ufeff{ __typename }", 200, None),
    document(
        "text from right to left",
        '{ usernameAvailable(username: "a\u202eb") }',
        200,
        INVALID,
        "INVALID_CHARACTERS",
    ),
    document(
        "space of no width",
        '{ usernameAvailable(username: "a\u200bb") }',
        200,
        INVALID,
        "INVALID_CHARACTERS",
    ),
    document(
        "an emoji in an address",
        '{ emailAddressAvailable(emailAddress: "\U0001f40e@example.org") }',
        200,
        INVALID,
        "INVALID_FORMAT",
    ),
    document(
        "a string as an enum",
        '{ searchPackages(query: 1, offSet: "a", limit: 1.5) { count } }',
        400,
        INVALID,
    ),
    document(
        "an Int past 32 bits",
        "{ latestPackages(offSet: 99999999999999999999, limit: 1) { count } }",
        400,
        INVALID,
    ),
    document(
        "an Int of 900 digits",
        f"{{ latestPackages(offSet: {'9' * 900}, limit: 1) {{ count }} }}",
        400,
        INVALID,
    ),
    document(
        "a Float of 900 digits",
        f"{{ latestPackages(offSet: 1.{'9' * 900}, limit: 1) {{ count }} }}",
        400,
        INVALID,
    ),
    document(
        "an offset of two thousand million",
        "{ latestPackages(offSet: 2147483647, limit: 2147483647) { count } }",
        200,
        None,
    ),
    document(
        "a negative page",
        "{ latestPackages(offSet: -1, limit: -1) { count } }",
        200,
        INVALID,
        "INVALID_PAGINATION",
    ),
    document("a subscription", "subscription { __typename }", 400, INVALID),
    document("a type definition", "type Query { a: Int }", 400, INVALID),
    # Words that mean something to databases.
    *(
        document(
            f"{name} in a search",
            f"{{ searchPackages(query: {json.dumps(text)}, offSet: 0, limit: 5) {{ count }} }}",
            200,
            None,
        )
        for name, text in {
            "FTS5's words": '" OR NEAR( * ^ AND title:',
            "SQL": "'; DROP TABLE user; --",
            "LIKE's signs": "%_\\",
            "unbalanced quotes": '"""\'\'"',
            "1,000 brackets": "(" * 1_000 + "a",
            "1,000 minuses": "-" * 1_000 + "a",
            "100,000 words": "rain " * 100_000,
            "one word of 500,000 letters": "a" * 500_000,
            "100,000 marks on one letter": "a" + "\u0301" * 100_000,
            "prefixes of everything": "a* b* c* d* e* f* g* h*",
        }.items()
    ),
    document(
        "the beginning of everything",
        '{ autoComplete(startsWith: "%") { packages { displayName } } }',
        200,
        None,
    ),
]


def variables(
    name: str, text: str, values: object, status: int, code: str | None, says: str = "", **more
):
    return Case(
        name,
        lambda: json.dumps({"query": text, "variables": values}).encode(),
        status,
        code,
        says,
        **more,
    )


def in_each_other(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def named(name: bytes) -> Callable[[], bytes]:
    """Return what makes a request with *name*, as it stands in JSON, for a username."""
    query = b'"query ($n: String!) { usernameAvailable(username: $n) }"'
    return lambda: b'{"query": %b, "variables": {"n": "%b"}}' % (query, name)


CREATE_ME = "mutation ($value: CreateUserInput!) { createMe(value: $value) }"
TRACK = "mutation ($a: JSON!) { track(actions: $a) }"
AVAILABLE = "query ($n: String!) { usernameAvailable(username: $n) }"
PUBLISH = (
    "mutation ($i: PackageIdentifierInput!, $v: CreateVersionInput!) "
    "{ createVersion(identifier: $i, value: $v) { author { username } } }"
)
NOWHERE = {"catalogSlug": "a", "packageSlug": "a"}
USER = {"username": "zoe", "emailAddress": "zoe@example.org", "password": "correct horse 9"}

VARIABLES = [
    variables("33 levels of lists", TRACK, {"a": in_each_other(33)}, 400, BAD, "nested deeper"),
    variables("90,000 values", TRACK, {"a": [1] * 90_000}, 200, None),
    variables(
        "a name of 900,000 letters", AVAILABLE, {"n": "a" * 900_000}, 200, INVALID, "TOO_LONG"
    ),
    variables(
        "a password of 100 letters",
        CREATE_ME,
        {"value": USER | {"password": "a1" * 50}},
        400,
        INVALID,
        "PASSWORD_TOO_LONG",
    ),
    variables(
        "a password of 150,000 letters",
        CREATE_ME,
        {"value": USER | {"password": "é" * 150_000}},
        400,
        INVALID,
        "PASSWORD_TOO_LONG",
    ),
    variables(
        "a member nobody knows",
        CREATE_ME,
        {"value": USER | {"isAdmin": True}},
        400,
        INVALID,
        "isAdmin",
    ),
    variables(
        "5,000 members nobody knows",
        CREATE_ME,
        {"value": {f"a{n}": 1 for n in range(5_000)}},
        400,
        INVALID,
    ),
    variables("an object for a text", AVAILABLE, {"n": {"$ne": None}}, 400, INVALID),
    variables("a list for an object", CREATE_ME, {"value": [USER, USER]}, 400, INVALID),
    variables(
        "1,000 variables nobody declared",
        AVAILABLE,
        {"n": "zoe"} | {f"a{n}": n for n in range(1_000)},
        200,
        None,
    ),
    Case("half of a pair in a variable", named(b"\\ud800"), 400, BAD, "surrogate"),
    Case("NUL in a variable", named(b"a\\u0000b"), 400, BAD, "NUL"),
    variables(
        "a key in the place of a session",
        "mutation ($t: String!) { useLoginLink(token: $t) }",
        {"t": "ltr_" + "a" * 49},
        200,
        INPUT,
        "TOKEN_NOT_VALID",
    ),
    variables(
        "a package file of nothing but brackets",
        PUBLISH,
        {"i": NOWHERE, "v": {"packageFile": "[" * 200_000}},
        400,
        INVALID,
        known=True,
    ),
    variables(
        "a package file of 50,000 properties",
        PUBLISH,
        {"i": NOWHERE, "v": {"packageFile": json.dumps({f"a{n}": n for n in range(50_000)})}},
        400,
        INVALID,
        known=True,
    ),
]

BODIES = [
    body("no bytes", b"", "a value was expected"),
    body("half an object", b'{"query": ', "JSON"),
    body("two objects", b"{}{}", "something follows"),
    body("no object", b'"{ __typename }"', "has to be a JSON object"),
    body("a number for the document", b'{"query": 1}', "query is missing"),
    body(
        "a list for the variables", b'{"query": "{a}", "variables": []}', "variables is no object"
    ),
    body("a key given twice", b'{"query": "{a}", "query": "{b}"}', "given twice"),
    body(
        "a key given twice, once escaped", b'{"query": "{a}", "\\u0071uery": "{b}"}', "given twice"
    ),
    body("NaN", b'{"query": "{a}", "variables": {"a": NaN}}', "NaN"),
    body("Infinity", b'{"query": "{a}", "variables": {"a": -Infinity}}', "Infinity"),
    body("a number past all doubles", b'{"query": "{a}", "variables": {"a": 1e999}}', "too large"),
    body(
        "a number of 200,000 digits",
        b'{"query": "{a}", "variables": {"a": ' + b"9" * 200_000 + b"}}",
        "too large",
    ),
    body("bytes that are no UTF-8", b'{"query": "\xff\xfe"}', "UTF-8"),
    body("UTF-16", '{"query": "{ __typename }"}'.encode("utf-16"), "UTF-8"),
    body("a surrogate in UTF-8", b'{"query": "\xed\xa0\x80"}', "UTF-8"),
    body("40,000 lists in each other", b"[" * 40_000 + b"]" * 40_000, "nested too deeply"),
    body("half a million lists", b"[" + b"[]," * 300_000 + b"[]]", "more than 100000 values"),
    body(
        "half a million empty keys",
        b'{"query": "{a}", "variables": {' + b'"a":1,' * 150_000 + b'"b":1}}',
        "more than 100000 values",
    ),
    body(
        "11 requests in a batch",
        b"[" + b",".join([b'{"query": "{ __typename }"}'] * 11) + b"]",
        "1 to 10",
    ),
    body("an empty batch", b"[]", "1 to 10"),
    body("a batch in a batch", b'[[{"query": "{ __typename }"}]]', "objects only"),
    body("one byte more than 1 MiB", b" " * (MIB + 1), "longer than", 413, "PAYLOAD_TOO_LARGE"),
    body("8 MiB", b" " * (8 * MIB), "longer than", 413, "PAYLOAD_TOO_LARGE"),
]


def packed(name: str, pack: Callable[[bytes], bytes], encoding: str, **more) -> Case:
    return Case(
        name,
        lambda: pack(bytes(50 * MIB)),
        413,
        "PAYLOAD_TOO_LARGE",
        headers={"Content-Encoding": encoding},
        **more,
    )


def typed(name: str, content_type: str) -> Case:
    headers = {"Content-Type": content_type}
    return Case(name, query("{ __typename }"), 415, "UNSUPPORTED_MEDIA_TYPE", headers=headers)


HEADERS = [
    packed("a bomb in gzip", lambda body: gzip.compress(body, 9, mtime=0), "gzip"),
    packed("a bomb in deflate", zlib.compress, "deflate"),
    Case(
        "a bomb of 1 GiB",
        lambda: b"".join(gzip.compress(bytes(64 * MIB), 9, mtime=0) for _ in range(16)),
        413,
        "PAYLOAD_TOO_LARGE",
        headers={"Content-Encoding": "gzip"},
    ),
    packed(
        "a bomb in gzip of somebody known",
        lambda body: gzip.compress(body, 9, mtime=0),
        "gzip",
        known=True,
    ),
    Case(
        "something else than it says",
        query("{ __typename }"),
        400,
        BAD,
        headers={"Content-Encoding": "gzip"},
    ),
    typed("a form", "application/x-www-form-urlencoded"),
    typed("text", "text/plain"),
    typed("a form with files", "multipart/form-data; boundary=x"),
    typed("JSON in another encoding", "application/json; charset=utf-16"),
    typed("a document", "application/graphql"),
    Case(
        "a key of nobody",
        query("{ __typename }"),
        401,
        "UNAUTHENTICATED",
        "API_KEY_NOT_FOUND",
        headers={"X-API-Key": "bm9ib2R5Lm5vdGhpbmc="},
    ),
    Case(
        "a key of 7,000 characters",
        query("{ __typename }"),
        401,
        "UNAUTHENTICATED",
        headers={"X-API-Key": "a" * 7_000},
    ),
    Case(
        "a header of 20,000 characters",
        query("{ __typename }"),
        431,
        "HEADERS_TOO_LARGE",
        headers={"X-Long": "a" * 20_000},
    ),
]

CASES = [*DOCUMENTS, *VARIABLES, *BODIES, *HEADERS]
