"""The table of OWASP ASVS: complete, and true as far as names go."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text("utf-8"))
# Requirements of levels 1 and 2, by section: where they are not 1 up to the number, a list.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
REQUIREMENTS = [f"{s}.{n}" for s, most in SECTIONS.items() for n in range(1, most + 1)]


def test_every_requirement_stands_in_the_table_once():
    named = [number for part in TABLE.values() for number in part]

    assert len(REQUIREMENTS) == 253
    assert sorted(named) == sorted(REQUIREMENTS)


@pytest.mark.parametrize("place", sorted(set(TABLE["shown"].values())))
def test_what_shows_it_is_there(place):
    file, _, name = place.partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))

    tests = [node.name for node in ast.walk(tree) if hasattr(node, "name")]
    assert not name or name in tests


@pytest.mark.parametrize("place", sorted(set(TABLE["written"].values())))
def test_what_says_it_is_there(place):
    file, _, heading = place.partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text("utf-8"), re.MULTILINE)

    assert heading in headings


@pytest.mark.parametrize("part", ["does_not_apply", "not_met"])
def test_everything_else_has_a_reason(part):
    for number, reason in TABLE[part].items():
        assert len(reason.split()) >= 2, number
