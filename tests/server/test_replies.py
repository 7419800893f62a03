import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litereg.gql.answers import Answer
from litereg.server.replies import write_in_parts
from tests.server.conftest import running, settings_of
from tests.server.engines import Waiting

VALUES = st.none() | st.integers(0, 9) | st.text(max_size=3) | st.lists(st.integers(0, 9))
DATA = st.none() | st.dictionaries(st.sampled_from("abc"), VALUES)
ERRORS = st.lists(st.dictionaries(st.sampled_from(["message", "path"]), VALUES))


@given(
    st.builds(lambda data: {"data": data}, DATA)
    | st.builds(lambda errors, data: {"errors": errors, "data": data}, ERRORS, DATA)
    | st.builds(lambda errors: {"errors": errors}, ERRORS)
)
def test_an_answer_written_in_parts_is_what_it_is_in_one(body):
    assert write_in_parts(body) == orjson.dumps(body)


@pytest.mark.parametrize("heavy", [False, True])
async def test_a_heavy_answer_is_sent_like_any_other(heavy):
    class Heavy(Waiting):
        async def answer(self, request, credentials, request_id, heavy_request=False):
            return Answer(200, {"errors": [], "data": {"a": "é", "b": None}}, heavy=heavy)

    asked = {"query": "{ a }"}
    async with (
        running(Heavy(), settings_of()) as site,
        site.post("/graphql", json=asked) as response,
    ):
        sent = await response.read()

    assert sent == '{"errors":[],"data":{"a":"é","b":null}}'.encode()
