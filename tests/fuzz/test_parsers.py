"""No parser fails on anything: fifty thousand inputs each, led by the code that they reach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.parsers import parsers

pytestmark = pytest.mark.fuzz
pytest.importorskip("atheris", reason="atheris is made for Linux")

ROOT = Path(__file__).parents[2]
RUNS = 50_000
PATIENCE_S = 250
DOCUMENTS = [
    'query A { a: item(name: "a\\n", note: "") { name children(most: -1) { name } } flag }',
    '{ box(value: {name: "a", inner: {name: "b" colour: RED}, more: []}) }# end',
    'mutation { add(name: "a") { name } }',
    '{ anything(value: {a: [1, true, null, {b: "c"}]}) }',
]


@pytest.fixture
def seeds(tmp_path):
    """A folder of files to begin with; what is found on the way goes there too."""
    files = [
        *(ROOT / "tests/labels/imports/data").iterdir(),
        *sorted((ROOT / "data/packages").rglob("*.json"))[:4],
    ]
    for file in files:
        shutil.copyfile(file, tmp_path / file.name)
    for number, document in enumerate(DOCUMENTS):
        (tmp_path / f"{number}.graphql").write_text(document)
    return tmp_path


@pytest.mark.parametrize("name", parsers())
def test_a_parser_reads_or_refuses(name, seeds):
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.parsers", name, str(RUNS), str(seeds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {RUNS} runs" in done.stderr
