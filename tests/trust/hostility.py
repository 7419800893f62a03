"""Rows about hostile input: documents, bodies, guesses, secrets, other people's sites."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.fuzz.corpus import CASES
from tests.fuzz.watched import watched
from tests.trust import enumeration, log_in_flood
from tests.trust.sending import ask_all
from tests.trust.table import Figure, Passing, Row

MAX_HELD_MS = 250.0
MAX_GROWTH_MIB = 32.0


def corpus(folder: Path) -> Figure:
    """Send the corpus case by case, and again; the first time fills caches."""
    with watched(folder) as server:
        ask_all(server, CASES)
        before = server.watch()
        held: list[tuple[float, str]] = []
        right = 0
        for case in CASES:
            server.watch()
            (answered,) = ask_all(server, [case])
            held.append((server.watch().held_ms, case.name))
            right += (answered.status, answered.error[0]) == (case.status, case.code)
        after = server.watch()
    longest, name = max(held)
    growth = after.resident_mib - before.resident_mib
    text = (
        f"{right} of {len(CASES)} answered right; the loop held for {longest:.0f} ms at most "
        f"({name}); {growth:+.0f} MiB"
    )
    met = right == len(CASES) and longest <= MAX_HELD_MS and growth <= MAX_GROWTH_MIB
    return Figure(text, met)


def asvs(folder: Path) -> Figure:
    """Check the table and count what stands in it."""
    checked = Passing("tests/trust/test_asvs.py")(folder)
    table = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text("utf-8"))
    parts = ", ".join(f"{len(part)} {name.replace('_', ' ')}" for name, part in table.items())
    return Figure(parts, checked.is_met)


ROWS = (
    Row(
        "H1",
        "GraphQL over HTTP: every audit passes, at two addresses, with and without a session",
        Passing("tests/server/test_graphql_over_http.py"),
    ),
    Row(
        "H2",
        "random documents of the schema, 100 for each field: 0 defects, 0 errors without a code",
        Passing("tests/fuzz/test_schema.py"),
    ),
    Row(
        "H3",
        "hostile requests: the right answer to each, the loop held for 250 ms at most, +32 MiB",
        corpus,
        is_timed=True,
    ),
    Row(
        "H6",
        "50,000 random inputs for each parser: 0 failures",
        Passing("tests/fuzz/test_parsers.py"),
    ),
    Row(
        "S1",
        "passwords: every byte counts, NUL and emoji too, however an accent is typed",
        Passing("tests/registry/test_passwords.py"),
    ),
    Row(
        "S2",
        "no way to tell users by the time of a log-in: medians within 10 %, Mann-Whitney p > 0.01",
        enumeration.measure,
        is_timed=True,
    ),
    Row(
        "S3",
        "guessing: 10 passwords a name and an address, 1 a document, whatever form the tries take",
        Passing("tests/contract/test_guessing.py", "tests/registry/rate_limits"),
    ),
    Row(
        "S14",
        "100 people who log in at once: others are answered within 200 ms (p99), and whoever has "
        "no place in the line is told to come again",
        log_in_flood.measure,
        is_timed=True,
    ),
    Row(
        "S4",
        "keys: 256 bits, prefix and checksum, a digest in the file, ended at once",
        Passing(
            "tests/registry/test_tokens.py",
            "tests/registry/test_identity.py",
            "tests/contract/test_accounts.py",
        ),
    ),
    Row(
        "S5",
        "who may do what: every field, as everybody there is",
        Passing("tests/contract/test_authorisation.py", "tests/contract/test_access.py"),
    ),
    Row(
        "S6",
        "secrets: none in the file, its log, a backup, an export, an answer, the log",
        Passing("tests/contract/test_secrets.py"),
    ),
    Row(
        "S7",
        "other people's sites change nothing, by any content type, origin, fetch site, cookie",
        Passing("tests/contract/test_csrf.py", "tests/server/test_authenticate.py"),
    ),
    Row(
        "S8",
        "injection: 2,000 texts, 0 errors of the database, no statement made of values",
        Passing("tests/fuzz/test_injection.py", "tests/store/test_static_sql.py"),
    ),
    Row(
        "S10",
        "pictures: bombs, other formats, other people's paths: each refused",
        Passing("tests/registry/images", "tests/contract/test_images.py"),
    ),
    Row(
        "S11",
        "no connection is opened but to the mail server",
        Passing("tests/contract/test_outgoing.py"),
    ),
    Row(
        "S15",
        "OWASP ASVS 5.0, levels 1 and 2: every requirement has its test, its words or its reason",
        asvs,
    ),
    Row(
        "S13",
        "what scanners of GraphQL report: what is meant; hardened, no schema and no hints",
        Passing("tests/contract/test_common_findings.py", "tests/contract/test_hardened.py"),
    ),
)
