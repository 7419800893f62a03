"""Mutations inside their namespace run once each, in the document's order, under both executors."""

from __future__ import annotations

import pytest

from litereg.gql.executor import RunAgain
from tests.labels.runs import context, prepared

# Each step needs the one before it, and none works twice.
STEPS = """mutation {
    __typename
    customCatalogLabel {
        made: createCustomCatalogLabel(label: {name: "a"}) { name updatedAt }
        ... on CustomCatalogLabelMutations {
            renamed: updateCustomCatalogLabel(label: {name: "a", updatedName: "b"}) {
                name
                publicPackagesConnection { totalCount }
            }
        }
        labelled: assignCustomCatalogLabelsToPublicPackage(
            publicPackageLabels: {publicPackage: {name: "x", type: "npm"}, labelNames: ["b"]}
        )
        ...Later
        __typename
        gone: deleteCustomCatalogLabel(label: {name: "c"})
        goneAlready: deleteCustomCatalogLabel(label: {name: "c"})
    }
    again: customCatalogLabel {
        createCustomCatalogLabels(labels: [{name: "a"}, {name: "c"}]) { name }
    }
}
fragment Later on CustomCatalogLabelMutations {
    renamedAgain: updateCustomCatalogLabel(label: {name: "b", updatedName: "c"}) {
        name
        publicPackagesConnection { totalCount edges { node { name } } }
    }
}"""
ANSWER = {
    "__typename": "Mutation",
    "customCatalogLabel": {
        "made": {"name": "a", "updatedAt": "1970-01-01T00:00:00.000Z"},
        "renamed": {"name": "b", "publicPackagesConnection": {"totalCount": 0}},
        "labelled": True,
        "renamedAgain": {
            "name": "c",
            "publicPackagesConnection": {"totalCount": 1, "edges": [{"node": {"name": "x"}}]},
        },
        "__typename": "CustomCatalogLabelMutations",
        "gone": True,
        "goneAlready": False,
    },
    "again": {"createCustomCatalogLabels": [{"name": "a"}, {"name": "c"}]},
}


async def run(registry, document, compiled):
    operation = prepared(registry, document, compiled)
    return await registry.database.write(lambda tx: operation.run(context(registry, tx)))


@pytest.mark.parametrize("compiled", [True, False])
async def test_mutations_run_once_each_in_the_order_of_the_document(registry, people, compiled):
    await people("ann")

    result = await run(registry, STEPS, compiled)

    assert result.errors is None
    assert result.data == ANSWER
    assert list(result.data["customCatalogLabel"]) == list(ANSWER["customCatalogLabel"])


async def test_a_failed_step_ends_the_compiled_run_for_good(registry, people):
    await people("ann")
    document = STEPS.replace(
        'createCustomCatalogLabels(labels: [{name: "a"}',
        ('createCustomCatalogLabels(labels: [{name: ""}'),
    )

    with pytest.raises(RunAgain):
        await run(registry, document, compiled=True)
    result = await run(registry, document, compiled=False)

    assert result.data is None
    assert [error.message for error in result.errors] == ["A label name cannot be empty"]


async def test_long_lists_of_versions_are_labelled_on_a_thread(registry, people):
    await people("ann")
    create = (
        'mutation { customCatalogLabel { createCustomCatalogLabel(label: {name: "a"}) { id } } }'
    )
    assert (await run(registry, create, compiled=True)).errors is None

    async def ways(field, count):
        """Return where a call for so many versions was begun: in place, on a thread."""
        versions = ", ".join(
            f'{{publicPackage: {{name: "x", type: "npm"}}, version: "{count}.{n}"}}'
            for n in range(count)
        )
        document = f"""mutation {{ customCatalogLabel {{ {field}(publicPackageVersionsLabel:
            {{labelName: "a", publicPackageVersions: [{versions}]}}) }} }}"""
        operation, found = prepared(registry, document), []

        def fn(tx):
            found.append(tx.in_place)
            return operation.run(context(registry, tx))

        result = await registry.database.write(fn)
        assert result.data == {"customCatalogLabel": {field: True}}
        return found

    for field in (
        "assignCustomCatalogLabelToPublicPackageVersions",
        "removeCustomCatalogLabelFromPublicPackageVersions",
    ):
        assert await ways(field, 100) == [True]
        assert await ways(field, 101) == [True, False]
