import io
import tracemalloc

import pytest

from litereg.labels.imports.entries import Entry, UnreadableFile
from litereg.labels.imports.spool import Spool
from litereg.labels.imports.type_table import TypeTable

ROWS = "name,version,type\n" + "".join(f"package-{i},1.0.{i},npm\n" for i in range(20_000))


def add(spool, name, text, advance=lambda steps: None):
    spool.add(name, io.BytesIO(text.encode()), TypeTable(), advance)


def test_entries_can_be_gone_through_again_and_know_their_file():
    with Spool() as spool:
        add(spool, "a", "lodash,4.17.21,npm\nbraces,2.3.2\n")
        add(spool, "b", "pkg:npm/ms\n")

        assert [tuple(file) for file in spool.files] == [("a", "CSV"), ("b", "package URLs")]
        assert len(spool) == 2
        assert list(spool) == list(spool)
        assert [(file.name, entry) for file, entry in spool.entries()] == [
            ("a", Entry("npm", "lodash", "4.17.21", 1)),
            ("b", Entry("npm", "ms", "", 1)),
        ]
        assert spool.skipped_count == 1
        assert [(file.name, skipped.place) for file, skipped in spool.skipped()] == [("a", 2)]


def test_whoever_waits_is_told_of_every_byte():
    told = []
    with Spool() as spool:
        add(spool, "a", ROWS, told.append)

    assert sum(told) == len(ROWS)
    assert len(told) > 10


def test_memory_does_not_grow_with_the_entries():
    content = io.BytesIO(ROWS.encode())
    table = TypeTable()
    with Spool() as spool:
        tracemalloc.start()
        try:
            spool.add("a", content, table, lambda steps: None)
            assert sum(1 for _ in spool) == 20_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < 500_000


def test_a_file_that_cannot_be_read_is_refused():
    with Spool() as spool, pytest.raises(UnreadableFile):
        add(spool, "a", "no format at all\n")
