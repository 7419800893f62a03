import re
from pathlib import Path

import pytest

from tests.trust.rows import ROWS
from tests.trust.table import ROOT, Figure, Passing, Row, line, measure, places_of

SLOW = re.compile(r"pytest\.mark\.durability\b")


def run(folder, body):
    """Measure by one file of tests that holds *body*."""
    file = folder / "test_some.py"
    file.write_text(f"import pytest\n\n{body}\n")
    return measure(Row("X1", "all pass", Passing(str(file))), folder)


def test_ids_are_unique():
    ids = [row.id for row in ROWS]

    assert len(set(ids)) == len(ids)


def test_a_row_whose_tests_pass_tells_their_figures(tmp_path):
    body = "def test_a(record_property):\n    record_property('figure', '0 lost of 12')"

    assert run(tmp_path, body) == Figure("0 lost of 12; 1 passed", True)


def test_a_row_with_a_test_that_fails_is_missed_and_names_it(tmp_path):
    figure = run(tmp_path, "def test_a():\n    assert False\n\ndef test_b():\n    pass")

    assert figure == Figure("1 of 2 failed: test_a", False)


def test_a_row_whose_tests_cannot_run_here_is_neither_met_nor_missed(tmp_path):
    figure = run(tmp_path, "def test_a():\n    pytest.skip('no compiler here')")

    assert figure.is_met is None
    assert "no compiler here" in figure.text


@pytest.mark.parametrize("body", ["", "def no_python(:"])
def test_a_row_without_a_test_that_runs_is_missed(tmp_path, body):
    assert run(tmp_path, body).is_met is False


def test_a_row_that_raises_is_missed():
    def broken(folder):
        raise OSError("no space left")

    figure = measure(Row("X1", "a goal", broken), Path())

    assert figure == Figure("OSError: no space left", False)


def test_a_line_of_the_table_is_one_line():
    shown = line(Row("X1", "a | b", Passing()), Figure("one\ntwo", False), 3.4)

    assert shown == "| X1 | a \\| b | one two | **no** | 3 s |"


def test_every_slow_test_of_durability_belongs_to_a_row():
    """The whole table runs them, so nothing else has to."""
    files = [file for file in Path(ROOT / "tests").rglob("test_*.py") if file != Path(__file__)]
    slow = {str(f.relative_to(ROOT)) for f in files if SLOW.search(f.read_text())}
    measured = {place for row in ROWS for place in places_of(row.measure)}

    assert slow
    assert slow <= measured
