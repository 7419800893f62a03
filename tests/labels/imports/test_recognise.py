import pytest

from litereg.labels.imports.entries import UnreadableFile
from tests.labels.imports.reading import DATA, names, read

YAML = "---\nlockfileVersion: '9.0'\nsettings:\n  autoInstallPeers: true\n"
POETRY = '[[package]]\nname = "click"\nversion = "8.1.8"\n'
GO_SUM = "github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=\n"
# Prose with a line that could be a requirement.
NOTES = "Read this first\n\nSome of it is new, and\nothers (as\nit was) stay.\n"
PROSE = "Dear Ann, as you know, our packages are many.\nHello, world, again.\n"


@pytest.mark.parametrize(
    "text",
    [
        YAML,
        POETRY,
        GO_SUM,
        PROSE,
        "{}",
        '{"name": "x", "version": "1"}',
        "[1, 2, 3]",
        "name: litereg\n",
        "a,b\nc,d\n",
        '"lodash@^4.17.21":\n  version "4.17.21"\n',
        "lodash\nand other packages\n",
        NOTES,
    ],
)
def test_what_is_of_no_known_format_is_refused(text):
    with pytest.raises(UnreadableFile, match="its format is none of those"):
        read(text)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x89PNG\r\n\x1a\n", "line 1 is not UTF-8"),
        (b"click==8.1.8\n\xe4==1.0\n", "line 2 is not UTF-8"),
        (b"a" * 70_000, "line 1 is longer"),
        (b'{"bomFormat": "Cyc', "no JSON"),
        (b'{"a": 1,}', "no JSON"),
        (b'{"a": "\xff"}', "no JSON"),
        (b"\xff\xfea", "begins like UTF-16"),
        (b'{"a": ' + b"[" * 5_000, "no JSON"),
    ],
)
def test_what_is_broken_is_refused(content, complaint):
    with pytest.raises(UnreadableFile, match=complaint):
        read(content)


@pytest.mark.parametrize("text", ["", "\n \n", "# nothing yet\n"])
def test_a_file_without_content_has_nothing(text):
    assert read(text)[1] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "name", ["label-listing.csv", "pip-freeze.txt", "curation-audit.json", "package-lock-v3.json"]
)
def test_what_a_shell_made_of_it_is_understood(name, encoding):
    text = (DATA / name).read_text("utf-8")
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")

    assert read((mark + text).encode(encoding)) == read(text)


def test_names_without_versions_are_requirements_when_there_is_nothing_else():
    assert read("click\nflask  # the web\n")[0] == "requirements"


def test_the_first_line_that_tells_decides():
    name, found = read("click\nflask[async]\njinja2==3.1.6\n")

    assert name == "requirements"
    assert names(found) == [("pypi", "jinja2", "3.1.6")]


def test_a_comparison_with_commas_is_no_row():
    assert read("foo>=1,<2,!=1.5\n")[0] == "requirements"
    assert read("foo[a,b,c]==1.0\n")[0] == "requirements"
