"""The compiled plan answers exactly as graphql-core's own executor does."""

from __future__ import annotations

from random import Random

import orjson
import pytest

from litereg.access import ANONYMOUS, Viewer
from litereg.gql.context import Apart, Context, Memory, Suspended
from litereg.gql.documents import Documents, Rejected
from litereg.gql.errors import format_errors
from litereg.gql.executor import Prepared, RunAgain
from tests.client import make_catalog, make_package, package_file, publish
from tests.gql.documents_of_schema import Writer

ROUNDS = 40
# Without the mark `fuzz`, only so many run.
QUICK_ROUNDS = 3
QUERIES_A_ROUND = 45
MUTATIONS_A_ROUND = 10
NOW = 1_700_000_000_000


class Undo(Exception):
    """Ends a write so that it is rolled back."""

    def __init__(self, outcome):
        self.outcome = outcome


@pytest.fixture
async def filled(registry, people):
    ann = await people("ann")
    await people("bob")
    await make_catalog(ann, "open", is_public=True)
    await make_catalog(ann, "closed")
    await publish(ann, await make_package(ann, "open", "rain", True), package_file())
    await publish(
        ann,
        {"catalogSlug": "open", "packageSlug": "rain"},
        package_file("1.1.0", properties=("city", "mm", "day")),
    )
    await make_package(ann, "open", "snow")
    await publish(ann, await make_package(ann, "closed", "hail", True), package_file())
    return registry


VIEWERS = [ANONYMOUS, Viewer(1, "ann", is_admin=True), Viewer(2, "bob", is_admin=False)]


def outcome(prepared, tx, viewer, settings, memory):
    """Return what a run answers, as bytes; slow work is done on the spot."""
    while True:
        try:
            result = prepared.run(Context(tx, viewer, settings, memory, memory.now))
        except Suspended as suspended:
            work = suspended.work
            done = work.run(tx) if isinstance(work, Apart) else work.run()
            memory.done[suspended.key] = done
            continue
        errors = format_errors(result.errors or [], settings, "id")
        return orjson.dumps({"data": result.data, "errors": errors})


@pytest.mark.parametrize("seed", range(QUICK_ROUNDS))
async def test_random_documents_are_answered_alike(filled, seed):
    await compare_a_round(filled, seed)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(QUICK_ROUNDS, ROUNDS))
async def test_two_thousand_random_documents_are_answered_alike(filled, seed):
    await compare_a_round(filled, seed)


async def compare_a_round(registry, seed):
    random = Random(seed)
    schema = registry.engine.schema
    writer = Writer(schema, random)
    documents = Documents(schema, registry.settings)
    compiled_runs = 0
    for number in range(QUERIES_A_ROUND + MUTATIONS_A_ROUND):
        text, variables = writer.document("query" if number < QUERIES_A_ROUND else "mutation")
        viewer = random.choice(VIEWERS)
        try:
            operation = documents.prepare(text, 20_000).operation(None)
            plain = Prepared(schema, operation, variables, compiled=False)
        except Rejected as rejected:
            assert_rejected_alike(registry, text, variables, rejected)
            continue
        fast = Prepared(schema, operation, variables, compiled=True)

        expected = await run(registry, plain, viewer)
        try:
            answer = await run(registry, fast, viewer)
        except RunAgain:
            assert b'"errors":[]' not in expected, f"{text}\n{variables}"
            continue

        assert answer == expected, f"{text}\n{variables}"
        is_compiled = fast._plan is not None
        assert is_compiled or b'"errors":[]' not in expected, f"{text}\n{variables}"
        compiled_runs += is_compiled
    assert compiled_runs > 10


async def run(registry, prepared, viewer):
    memory = Memory(NOW, b"s" * 32)
    settings = registry.settings
    if not prepared.operation.writes:
        return await registry.database.read(
            lambda tx: outcome(prepared, tx, viewer, settings, memory)
        )

    def write(tx):
        raise Undo(outcome(prepared, tx, viewer, settings, memory))

    try:
        await registry.database.write(write)
    except Undo as undo:
        return undo.outcome
    raise AssertionError("a write that always fails has ended well")


def assert_rejected_alike(registry, text, variables, rejected):
    """Assert that what one way cannot run, the other cannot either, for the same reason."""
    documents = Documents(registry.engine.schema, registry.settings)
    with pytest.raises(Rejected) as other:
        operation = documents.prepare(text, 20_000).operation(None)
        Prepared(registry.engine.schema, operation, variables, compiled=True)
    assert [e.message for e in other.value.errors] == [e.message for e in rejected.errors]


def test_the_rounds_make_two_thousand_documents():
    assert ROUNDS * (QUERIES_A_ROUND + MUTATIONS_A_ROUND) >= 2_000
