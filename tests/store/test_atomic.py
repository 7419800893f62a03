import os

import pytest

from litereg.errors import CannotStart
from litereg.store.atomic import replacing


def test_a_name_stands_for_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    with replacing(path) as unfinished:
        unfinished.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_of_a_failure_nothing_is_left(tmp_path):
    path = tmp_path / "a.txt"

    with pytest.raises(RuntimeError), replacing(path) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read_the_file_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        with replacing(tmp_path / "a.txt"):
            pass
    finally:
        os.umask(before)

    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600


def test_a_place_where_nothing_can_be_written_is_named(tmp_path):
    with pytest.raises(CannotStart, match=r"nowhere/a\.txt: the folder does not exist"):
        replacing(tmp_path / "nowhere" / "a.txt").__enter__()
