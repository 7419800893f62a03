"""Certificates that vouch for this machine and for themselves."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import NamedTuple

import pytest


class Certificate(NamedTuple):
    """A certificate, its key, and a client that believes it."""

    cert: str
    key: str

    def client(self):
        return ssl.create_default_context(cafile=self.cert)


def make_certificate(folder, name="server"):
    """Make a certificate for 127.0.0.1 in *folder*, or skip the test."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, cert = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"),
            *("ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            *("-keyout", key, "-out", cert),
        ],
        check=True,
        capture_output=True,
    )
    key.chmod(0o600)
    return Certificate(str(cert), str(key))
