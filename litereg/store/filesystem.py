"""Find out on what kind of file system a database lies; only Linux tells."""

from __future__ import annotations

import logging
import os
from pathlib import Path

# Where locks and shared memory of other machines are not seen, or not in time.
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs")
)
NETWORK_FUSE = frozenset(
    ("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs")
)
MOUNTS = Path("/proc/self/mountinfo")

_log = logging.getLogger(__name__)


def warn_of_network(path: Path, mounts: Path = MOUNTS) -> None:
    """Warn when the file at *path* lies on another machine, where SQLite cannot keep its promises.

    The write-ahead log needs memory that all who use the file share, and locks that hold.
    """
    kind = kind_of(path, mounts)
    if kind in NETWORK | NETWORK_FUSE:
        _log.warning(
            "%s lies on a network file system (%s): SQLite cannot keep it from damage there. "
            "Keep it on a disk of this machine, and use it from one machine only",
            path,
            kind,
        )


def kind_of(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Return what kind of file system holds the file at *path*, such as ext4; None: unknown.

    Source: proc(5), /proc/pid/mountinfo.
    """
    try:
        device = path.stat().st_dev
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in lines:
        # 36 35 98:0 / /mnt rw,noatime master:1 - ext4 /dev/root rw; what is optional ends at "-".
        mount, _, source = line.partition(" - ")
        if mount.split()[2:3] == [wanted]:
            return source.split()[0]
    return None
