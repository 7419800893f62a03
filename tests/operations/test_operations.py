"""The documents that litereg itself sends, held against the schema."""

from importlib.resources import files

import pytest
from graphql import OperationDefinitionNode, parse, validate

from litereg.app import make_schema
from litereg.operations import document

NAMES = sorted(
    file.name.removesuffix(".graphql")
    for file in files("litereg.operations").iterdir()
    if file.name.endswith(".graphql")
)


@pytest.fixture(scope="module")
def schema():
    return make_schema()


def test_there_are_documents():
    assert "create_version" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_document_is_valid(schema, name):
    assert validate(schema, parse(document(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_document_is_one_operation_of_the_file_s_name(name):
    (operation,) = parse(document(name)).definitions

    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name.value.lower() == name.replace("_", "")


def test_the_playgrounds_first_query_is_valid(schema):
    text = (files("litereg.web") / "src" / "first-query.graphql").read_text("utf-8")

    assert validate(schema, parse(text)) == []
