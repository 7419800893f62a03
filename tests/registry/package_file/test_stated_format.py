import json

import pytest

from litereg.registry.package_file import InvalidPackageFile, parse

from .samples import complete, minimal


def test_files_of_both_unversioned_families_are_taken():
    by_protocol = minimal("0.3.20") | {"schemas": [{"source": {"protocol": "HTTP"}}]}
    by_type = minimal("0.3.20") | {"schemas": [{"source": {"type": "http"}}]}
    neither = minimal("0.3.20") | {"schemas": [{"source": {}}]}

    assert parse(json.dumps(by_protocol)).format == "0.3.20"
    assert parse(json.dumps(by_type)).format == "0.1.0"
    with pytest.raises(InvalidPackageFile):
        parse(json.dumps(neither))


def test_a_file_of_november_2020_is_taken_though_the_seed_era_would_refuse_it():
    document = minimal("2020-11") | {
        "registries": [{"type": "elsewhere"}],
        "schemas": [{"source": {"protocol": "HTTP"}}],
    }

    assert parse(json.dumps(document)).format == "2020-11"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (None, "0.3.20"),
        ("http://datapm.io/docs/package-file-schema-v1.json", "0.3.20"),
        ("https://datapm.io/docs/package-file-schema-v0.1.0.json", "0.1.0"),
        ("https://datapm.io/docs/package-file-schema-v0.32.1.json", "0.32.1"),
        ("packageFileSchema-v0.9.0.json", "0.9.0"),
        ("https://v7.example/v8/PACKAGE-V0.9.0.JSON", "0.9.0"),
    ],
)
def test_a_file_states_its_format_in_the_last_part_of_an_address(address, name):
    document = {**complete(), "$schema": address}

    assert parse(json.dumps(document)).format == name


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://datapm.io/docs/package-file-schema-v0.32.2.json", "TOO_NEW - 0.32.2"),
        ("https://datapm.io/docs/package-file-schema-v1.0.0.json", "TOO_NEW - 1.0.0"),
        ("https://datapm.io/docs/package-file-schema-v0.10.0.json", "NOT_RECOGNIZED - https://"),
        ("https://datapm.io/docs/package-file-schema-v0.3.20.json", "NOT_RECOGNIZED - https://"),
        ("https://datapm.io/docs/package-file-schema-v2020-11.json", "NOT_RECOGNIZED - https://"),
        ("http://json-schema.org/draft-07/schema#", "NOT_RECOGNIZED - http://json-schema.org"),
        ("https://datapm.io/v0.9.0.json/", "NOT_RECOGNIZED - https://"),
        ("", "NOT_RECOGNIZED - "),
        (9, "NOT_RECOGNIZED - 9"),
    ],
)
def test_a_format_that_was_never_published_is_refused(address, words):
    with pytest.raises(InvalidPackageFile, match=f"ERROR_SCHEMA_VERSION_{words}"):
        parse(json.dumps({**complete(), "$schema": address}))
