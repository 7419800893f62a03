"""The life of a label, lived by a shell script that has nothing but curl and jq."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli import processes
from tests.client import PASSWORD

SCRIPT = Path(__file__).with_name("label_life.sh")
ACCOUNT = ("--email", "ann@example.org", "--password-stdin")


def test_a_label_lives_by_curl_and_jq_alone(tmp_path):
    missing = [tool for tool in ("bash", "curl", "jq") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"install {' and '.join(missing)}: a shell script tests the labels API")
    made = processes.litereg("user", "add", "ann", *ACCOUNT, cwd=tmp_path, input=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    key = processes.litereg("key", "create", "tests", "--as", "ann", cwd=tmp_path).stdout.strip()

    with processes.serving("serve", "--port", "0", cwd=tmp_path) as running:
        # A user's address may end with a slash, which scripts do not take off.
        lived = subprocess.run(
            ["bash", SCRIPT, f"{running.url}/", key], capture_output=True, text=True, timeout=60
        )

    assert lived.returncode == 0, lived.stderr
    assert lived.stderr == ""
    *steps, last = lived.stdout.splitlines()
    assert last == "The life of a label is over."
    assert len(steps) == SCRIPT.read_text("utf-8").count("\nis ")
    assert all(step.startswith("ok - ") for step in steps)
