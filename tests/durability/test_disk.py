from random import Random

import pytest

from tests.durability.disk import SURVIVORS, Disk, Entry, What

FILE = 7


def disk_after(*entries, files=None):
    disk = Disk(files)
    for entry in entries:
        disk.follow(entry)
    return disk


def create(name, file=FILE):
    return Entry(What.CREATE, file=file, payload=name.encode())


def write(payload, position=0, file=FILE):
    return Entry(What.WRITE, file=file, position=position, payload=payload)


def sync(covers, file=FILE):
    return Entry(What.SYNC, covers=covers, file=file)


def sync_directory(covers):
    return Entry(What.SYNC_DIRECTORY, covers=covers)


def left(disk, survivors, seed=1):
    return disk.after_power_cut(survivors, Random(seed))


@pytest.mark.parametrize("survivors", SURVIVORS)
def test_what_was_synced_survives_every_cut(survivors):
    disk = disk_after(create("a.db"), sync_directory(1), write(b"one"), sync(3))

    assert left(disk, survivors) == {"a.db": b"one"}


def test_what_was_not_synced_is_lost_when_nothing_survives():
    disk = disk_after(create("a.db"), sync_directory(1), write(b"one"), sync(3), write(b"two", 3))

    assert left(disk, "none") == {"a.db": b"one"}
    assert left(disk, "all") == {"a.db": b"onetwo"}


def test_a_sync_promises_nothing_about_a_write_made_while_it_ran():
    disk = disk_after(create("a.db"), sync_directory(1), write(b"one"), write(b"two", 3), sync(3))

    assert left(disk, "none") == {"a.db": b"one"}


def test_a_synced_file_without_a_synced_name_is_gone():
    disk = disk_after(create("a.db"), write(b"one"), sync(2))

    assert left(disk, "none") == {}


def test_a_removed_file_is_back_until_the_directory_is_synced():
    removed = Entry(What.UNLINK, payload=b"a.db")
    disk = disk_after(removed, files={"a.db": b"one"})

    assert left(disk, "none") == {"a.db": b"one"}
    assert left(disk, "all") == {}

    disk.follow(sync_directory(1))

    assert left(disk, "none") == {}


def test_a_file_that_takes_the_name_of_a_removed_one_does_not_mix_with_it():
    disk = disk_after(
        Entry(What.OPEN, file=FILE, payload=b"a.db"),
        Entry(What.UNLINK, payload=b"a.db"),
        create("a.db"),
        write(b"two"),
        sync(4),
        files={"a.db": b"older"},
    )

    assert left(disk, "none") == {"a.db": b"older"}
    assert left(disk, "all") == {"a.db": b"two"}


def test_a_renamed_file_has_the_old_or_the_new_name_never_none():
    disk = disk_after(Entry(What.RENAME, payload=b"a.db\0b.db"), files={"a.db": b"one"})

    for seed in range(20):
        assert left(disk, "some", seed) in ({"a.db": b"one"}, {"b.db": b"one"})


def test_a_later_write_may_survive_without_the_earlier_one():
    disk = disk_after(
        Entry(What.OPEN, file=FILE, payload=b"a.db"),
        write(b"1", 0),
        write(b"2", 1),
        files={"a.db": b"00"},
    )

    seen = {left(disk, "some", seed)["a.db"] for seed in range(200)}

    assert seen == {b"00", b"10", b"02", b"12"}


def test_a_torn_write_is_torn_at_sectors_only():
    disk = disk_after(
        Entry(What.OPEN, file=FILE, payload=b"a.db"),
        write(b"1" * 1000, position=24),
        files={"a.db": b"0" * 1536},
    )

    seen = {left(disk, "torn", seed)["a.db"] for seed in range(200)}

    head, tail = b"0" * 24, b"0" * 512
    first = {b"0" * 488, b"1" * 488}
    second = {b"0" * 512, b"1" * 512}
    assert seen == {head + a + b + tail for a in first for b in second}


def test_a_truncated_file_shrinks_or_grows_by_zeros():
    opened = Entry(What.OPEN, file=FILE, payload=b"a.db")
    files = {"a.db": b"12345"}

    shrunk = disk_after(opened, Entry(What.TRUNCATE, file=FILE, position=2), files=files)
    grown = disk_after(opened, Entry(What.TRUNCATE, file=FILE, position=7), files=files)

    assert left(shrunk, "all") == {"a.db": b"12"}
    assert left(grown, "all") == {"a.db": b"12345\0\0"}
    assert left(shrunk, "none") == files
