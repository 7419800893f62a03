"""How sources are updated, read from package files of any format."""

import pytest

from litereg.registry.package_file import PackageFile, reopen
from litereg.registry.update_methods import UpdateMethod, method_list, method_sum
from tests.client import package_file


def file_with(*streams) -> PackageFile:
    sources = [{"slug": "main", "type": "http", "streamSets": list(streams)}]
    return reopen(package_file(sources=sources), "0.8.1")


def test_a_file_has_the_methods_of_all_its_streams():
    file = file_with(
        {"slug": "a", "updateMethods": ["APPEND_ONLY_LOG"]},
        {"slug": "b", "updateMethods": ["CONTINUOUS", "APPEND_ONLY_LOG"]},
    )

    assert method_list(method_sum(file)) == [
        UpdateMethod.CONTINUOUS,
        UpdateMethod.APPEND_ONLY_LOG,
    ]


@pytest.mark.parametrize(
    "stated", [{}, {"updateMethods": []}, {"updateMethods": None}, {"updateMethods": "CONTINUOUS"}]
)
def test_a_stream_may_say_nothing(stated):
    assert method_sum(file_with({"slug": "a"} | stated)) == 0


def test_what_is_no_method_is_passed_over():
    methods = ["NOW_AND_THEN", {"CONTINUOUS": 1}, ["CONTINUOUS"], 4, None, "BATCH_FULL_SET"]

    assert method_sum(file_with({"slug": "a", "updateMethods": methods})) == 2


@pytest.mark.parametrize("stored", range(8))
def test_every_set_of_methods_is_kept(stored):
    assert sum(method.value for method in method_list(stored)) == stored
