import pytest

from litereg.registry.package_file import Semver


def test_numbers_compare_part_by_part_and_not_as_text():
    versions = [Semver(1, 9, 9), Semver(1, 10, 0), Semver(0, 99, 0), Semver(1, 10, 1)]

    assert [str(version) for version in sorted(versions)] == ["0.99.0", "1.9.9", "1.10.0", "1.10.1"]


@pytest.mark.parametrize("text", ["0.0.0", "1.2.3", "10.20.30", "2147483647.2147483647.2147483647"])
def test_a_number_is_written_as_it_was_read(text):
    assert str(Semver.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "v1.2.3",
        "1.2.3-rc.1",
        "1.2.3+build",
        "01.2.3",
        "1.2.03",
        "1..3",
        " 1.2.3",
        "1.2.3\n",
        "-1.2.3",
        "\N{ARABIC-INDIC DIGIT ONE}.2.3",
        "2147483648.0.0",
        "0.0." + "9" * 5000,
    ],
)
def test_anything_else_is_no_version_number(text):
    with pytest.raises(ValueError, match="not a version number") as caught:
        Semver.parse(text)

    assert len(str(caught.value)) < 100


def test_steps_set_what_follows_to_zero():
    version = Semver(1, 2, 3)

    assert version.next_major() == (2, 0, 0)
    assert version.next_minor() == (1, 3, 0)
    assert version.next_patch() == (1, 2, 4)
