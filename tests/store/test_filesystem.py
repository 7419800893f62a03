import logging
import os

import pytest

from litereg.store.filesystem import MOUNTS, kind_of, warn_of_network


@pytest.fixture
def mounts(tmp_path):
    """Writes a list of mounts in which the test's own folder is on some kind of file system."""

    def mounts(kind):
        device = tmp_path.stat().st_dev
        path = tmp_path / "mountinfo"
        path.write_text(
            "21 1 0:19 / /sys rw,relatime shared:2 - sysfs sysfs rw\n"
            f"98 1 {os.major(device)}:{os.minor(device)} / /a\\040b rw shared:3 master:1 - {kind} "
            "somewhere:/export rw,vers=4.2\n"
        )
        return path

    return mounts


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_database_on_another_machine_is_warned_of(tmp_path, mounts, caplog, kind):
    with caplog.at_level(logging.WARNING):
        warn_of_network(tmp_path, mounts(kind))

    assert f"{tmp_path} lies on a network file system ({kind})" in caplog.text


@pytest.mark.parametrize("kind", ["ext4", "tmpfs", "fuse.ntfs-3g"])
def test_of_a_disk_of_this_machine_nothing_is_said(tmp_path, mounts, caplog, kind):
    with caplog.at_level(logging.WARNING):
        warn_of_network(tmp_path, mounts(kind))

    assert caplog.text == ""


@pytest.mark.skipif(not MOUNTS.exists(), reason="only Linux tells")
def test_the_system_itself_is_asked(tmp_path):
    assert kind_of(tmp_path) not in (None, "")


def test_what_cannot_be_found_out_is_not_known(tmp_path, mounts):
    assert kind_of(tmp_path / "absent", mounts("ext4")) is None
    assert kind_of(tmp_path, tmp_path / "no-such-list") is None
    (tmp_path / "mountinfo").write_text("\nodd\n")
    assert kind_of(tmp_path, tmp_path / "mountinfo") is None
