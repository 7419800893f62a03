"""`litereg package`: from a table to a package file, and again when the data has changed."""

import json

import pytest

CSV = (
    "city,day,mm,wet\nOslo,2020-01-01,1.5,true\nBergen,2020-01-02,12,true\nRome,2020-01-03,,false\n"
)
RECORDS = [
    {"city": "Oslo", "mm": 1.5, "place": {"lat": 59.9}},
    {"city": "Bergen", "mm": 12, "day": "2020-01-02"},
]


@pytest.fixture
def table(shell):
    """Return a function that writes a file into the folder of the shell."""

    def table(name, content):
        path = shell.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return table


def document(shell, name="rain-in-2020.datapm.json"):
    return json.loads((shell.folder / name).read_text("utf-8"))


def types(document):
    (schema,) = document["schemas"]
    return {name: sorted(about["types"]) for name, about in schema["properties"].items()}


def test_a_csv_file_becomes_a_package_file_that_can_be_published(shell, table):
    table("Rain in 2020.csv", CSV)

    shell.done("package", "Rain in 2020.csv", "--null", "NA")
    shell.add_user("ann")
    shell.done("publish", "rain-in-2020.datapm.json", "--db", "litereg.db", "--as", "ann")

    made = document(shell)
    assert made["packageSlug"] == "rain-in-2020"
    assert made["displayName"] == "Rain in 2020"
    assert made["version"] == "1.0.0"
    assert types(made) == {
        "city": ["string"],
        "day": ["date"],
        "mm": ["null", "number"],
        "wet": ["boolean"],
    }
    assert made["schemas"][0]["recordCount"] == 3
    assert str(shell.folder) not in json.dumps(made)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rain.tsv", CSV.replace(",", "\t")),
        ("rain.csv", CSV.replace(",", ";")),
        ("rain.csv", b"\xef\xbb\xbf" + CSV.encode()),
        ("rain.json", json.dumps([{"city": "Oslo", "day": "2020-01-01", "mm": None, "wet": True}])),
        ("rain.jsonl", '{"city": "Oslo", "day": "2020-01-01", "mm": 1.5, "wet": true}\n\n'),
    ],
)
def test_the_columns_of_all_kinds_of_files_are_found(shell, table, name, content):
    table(name, content)

    shell.done("package", name)

    assert list(types(document(shell, "rain.datapm.json"))) == ["city", "day", "mm", "wet"]


def test_records_may_have_different_keys_and_inner_objects(shell, table):
    table("rain.json", json.dumps(RECORDS))

    shell.done("package", "rain.json")

    found = types(document(shell, "rain.datapm.json"))
    assert found == {
        "city": ["string"],
        "mm": ["number"],
        "place": ["null", "object"],
        "day": ["date", "null"],
    }


def test_a_parquet_file_is_read_where_pyarrow_is_there(shell, table):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs `pip install pyarrow`")
    import pyarrow as pa

    parquet.write_table(
        pa.table({"city": ["Oslo", None], "mm": [1.5, 2.0]}), shell.folder / "r.parquet"
    )

    shell.done("package", "r.parquet", "--name", "Rain")

    assert types(document(shell, "r.datapm.json")) == {"city": ["null", "string"], "mm": ["number"]}


def test_words_stay_when_the_data_is_described_again(shell, table):
    table("rain.csv", CSV)
    shell.done("package", "rain.csv", "--description", "Rain by city.")
    path = shell.folder / "rain.datapm.json"
    edited = document(shell, path.name)
    edited["schemas"][0]["properties"]["mm"] |= {"description": "Rain.", "unit": "mm"}
    edited["website"] = "https://example.org"
    path.write_text(json.dumps(edited))
    table("rain.csv", CSV + "Paris,2020-01-04,3,true\n")

    shell.done("package", "rain.csv", "--name", "Rain of Europe")

    again = document(shell, path.name)
    (schema,) = again["schemas"]
    assert (again["displayName"], again["description"]) == ("Rain of Europe", "Rain by city.")
    assert again["website"] == "https://example.org"
    assert schema["properties"]["mm"]["unit"] == "mm"
    assert schema["recordCount"] == 4


def test_readme_and_licence_come_from_files(shell, table):
    table("rain.csv", CSV)
    table("README.md", "# All about rain\n")
    table("LICENSE.md", "Public domain.\n")

    printed = shell.done(
        "package", "rain.csv", "--readme", "README.md", "--license", "LICENSE.md", "--output", "-"
    )

    made = json.loads(printed)
    assert made["readmeMarkdown"] == "# All about rain\n"
    assert made["licenseMarkdown"] == "Public domain.\n"
    assert not (shell.folder / "rain.datapm.json").exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("rain.xls", "x", "this is none of .csv"),
        ("rain.csv", "", "no first row"),
        ("rain.csv", b"a,b\n\xff\xfe,1\n", "rain.csv"),
        ("rain.csv", "a,a\n1,2\n", "two columns are named 'a'"),
        ("rain.csv", "a,b\n1,2,3\n", "row 1 has 3 cells"),
        ("rain.json", "{", "rain.json"),
        ("rain.json", '{"a": 1}', "no array of objects"),
        ("rain.json", "[1, 2]", "record 1 is no object"),
        ("rain.jsonl", '{"a": 1}\n{"a"', "line 2 is no JSON"),
    ],
)
def test_what_cannot_be_described_is_refused_and_leaves_nothing(shell, table, name, content, why):
    table(name, content)

    refused = shell("package", name)

    assert refused.exit_code == 1
    assert why in refused.output
    assert [path.name for path in shell.folder.iterdir()] == [name]


def test_something_else_under_that_name_is_left_alone(shell, table):
    table("rain.csv", CSV)
    other = table("rain.datapm.json", "my notes")

    refused = shell("package", "rain.csv")

    assert refused.exit_code == 1
    assert other.read_text() == "my notes"
