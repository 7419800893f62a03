"""Places in a document are those that graphql-core finds."""

from graphql import Source
from hypothesis import given
from hypothesis import strategies as st

from litereg.gql.documents import Documents
from litereg.gql.source_text import SourceText


@given(st.text("a\n\r\u2028é", max_size=12))
def test_a_place_is_where_graphql_core_finds_it(text):
    for position in range(len(text) + 1):
        found = SourceText(text).get_location(position)

        assert found == Source(text).get_location(position)


def test_documents_are_such_texts(documents: Documents):
    operation = documents.prepare("{ flag }", 1_000).operation(None)

    assert isinstance(operation.node.loc.source, SourceText)
