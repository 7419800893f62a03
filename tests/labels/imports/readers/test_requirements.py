import pytest

from litereg.labels.imports.entries import Entry, UnreadableFile
from litereg.labels.imports.readers import requirements
from tests.labels.imports.reading import names, read, read_data, read_with, reasons


def test_pip_freeze_is_read_whole():
    name, found = read_data("pip-freeze.txt")

    assert name == "requirements"
    assert len(names(found)) == 57
    assert ("pypi", "markupsafe", "3.0.4") in names(found)
    assert ("pypi", "jsonschema-rs", "0.60.3") in names(found)
    assert reasons(found) == {29: requirements.EDITABLE}


def test_hashes_and_continued_lines_belong_to_their_requirement():
    lines = [
        "click==8.1.8 \\",
        "    --hash=sha256:63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2 \\",
        "    --hash=sha256:ed53c9d8990d83c2a27deae68e4ee337473f6330c040a31d4225c9574d16096a",
        "    # via flask",
        "flask==3.1.3 --hash=sha256:ab",
        "jinja2==\\",
        "3.1.6  # via flask",
        "itsdangerous==2.2.0 \\",
        "# the end",
    ]

    _, found = read("\r\n".join(lines))

    assert found == [
        Entry("pypi", "click", "8.1.8", 1),
        Entry("pypi", "flask", "3.1.3", 5),
        Entry("pypi", "jinja2", "3.1.6", 6),
        Entry("pypi", "itsdangerous", "2.2.0", 8),
    ]


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("Foo.Bar_baz==1.0", "foo-bar-baz", "1.0"),
        ("foo[a, b] == 1.0 ; python_version < '3.13'", "foo", "1.0"),
        ("foo===1.0-custom", "foo", "1.0-custom"),
        ("foo (==1.0)", "foo", "1.0"),
        ("foo==1.0,>=0.9", "foo", "1.0"),
        ("foo==1!2.0+local.3", "foo", "1!2.0+local.3"),
    ],
)
def test_an_exact_pin_is_read(line, name, version):
    assert names(read(line)[1]) == [("pypi", name, version)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("foo", requirements.NOT_PINNED),
        ("foo>=1.0", requirements.NOT_PINNED),
        ("foo~=1.0", requirements.NOT_PINNED),
        ("foo==1.*", requirements.NOT_PINNED),
        ("foo==1.0,==2.0", requirements.NOT_PINNED),
        ("foo @ https://example.org/foo-1.0.whl", requirements.FROM_ADDRESS),
        ("https://example.org/foo-1.0.tar.gz", requirements.FROM_ADDRESS),
        ("git+https://example.org/foo.git@v1.0#egg=foo", requirements.FROM_ADDRESS),
        ("./foo-1.0.whl", requirements.FROM_PATH),
        ("foo-1.0.tar.gz", requirements.FROM_PATH),
        ("-r other.txt", requirements.OTHER_FILE),
        ("-rother.txt", requirements.OTHER_FILE),
        ("--requirement=other.txt", requirements.OTHER_FILE),
        ("-c constraints.txt", requirements.OTHER_FILE),
        ("-e .", requirements.EDITABLE),
        ("--editable .", requirements.EDITABLE),
        ("--index-url https://example.org/simple", requirements.OPTION),
        ("--no-binary :all:", requirements.OPTION),
        ("foo = 1.0", requirements.NO_REQUIREMENT),
    ],
)
def test_everything_else_is_left_out_with_its_reason(line, reason):
    found = read_with(requirements, f"click==8.1.8\n{line}\n")

    assert found[0] == Entry("pypi", "click", "8.1.8", 1)
    assert reasons(found) == {2: reason}


def test_no_password_is_told_again():
    lines = [
        "--extra-index-url https://ann:secret@example.org/simple",
        "--index-url=https://ann:secret@example.org/simple",
        "-ihttps://ann:secret@example.org/simple",
        "foo @ https://ann:secret@example.org/foo.whl",
        "foo@https://ann:secret@example.org/foo.whl",
        "git+https://ann:secret@example.org/foo.git",
    ]

    found = read_with(requirements, "\n".join(lines))

    assert len(found) == len(lines)
    assert "secret" not in str(found)
    assert found[0].text == "--extra-index-url"


def test_markers_nested_without_end_are_left_out():
    line = f"foo==1.0; {'(' * 20_000}"

    assert reasons(read_with(requirements, line)) == {1: requirements.NO_REQUIREMENT}


def test_a_line_that_goes_on_for_ever_is_refused():
    with pytest.raises(UnreadableFile, match="line 2 is longer"):
        read_with(requirements, "click==8.1.8\n" + "x\\\n" * 40_000)
