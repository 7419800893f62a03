"""Start what litereg is compared with: other ways to serve the same questions from the same file.

All of them read the registry's file and answer the reads of `tests.bench.documents`, each as its
documentation advises for speed: kept documents, data loaders, a quick JSON writer. None has
permissions, limits or logs. `schema.graphql` and `sql/` are what they share.

What they need is installed outside of the repository when it is first asked for; those on Node are
left out where there is no Node.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.servers import Server

FOLDER = Path(__file__).parent / "peers"
NODE = FOLDER / "node"
ON_PYTHON = {"Strawberry": "with_strawberry", "Ariadne": "with_ariadne"}
ON_NODE = {"Yoga": "yoga", "Apollo": "apollo", "graphql-jit": "jit"}


def installed(cache: Path) -> list[Server]:
    """Return all peers, with what they need installed in folders of *cache*."""
    python = python_environment(cache)
    servers = [Server(name, _python_command(python, module)) for name, module in ON_PYTHON.items()]
    if node := shutil.which("node"):
        folder = node_folder(cache)
        servers += [
            Server(name, _node_command(node, folder / f"{script}.mjs"))
            for name, script in ON_NODE.items()
        ]
    return servers


def python_environment(cache: Path) -> Path:
    """Return the Python of an environment that has what the peers on Python need."""
    wanted = FOLDER / "requirements.txt"
    folder = cache / f"python-{_digest(wanted)}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(wanted)])
        (folder / "complete").touch()
    return python


def node_folder(cache: Path) -> Path:
    """Return a folder with the scripts of the peers on Node, and what they need."""
    folder = cache / f"node-{_digest(*sorted(NODE.iterdir()))}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(NODE, folder)
        # Only better-sqlite3 has something to build, and its script is the only one that is run.
        _run(["npm", "ci", "--ignore-scripts", "--prefix", str(folder)])
        _run(["npm", "rebuild", "better-sqlite3", "--prefix", str(folder)])
        (folder / "complete").touch()
    return folder


def _python_command(python: Path, module: str) -> Callable[[str, str], Sequence[str]]:
    return lambda database, url: [str(python), "-m", f"tests.bench.peers.{module}", database, url]


def _node_command(node: str, script: Path) -> Callable[[str, str], Sequence[str]]:
    return lambda database, url: [node, str(script), str(FOLDER), database, url]


def _digest(*files: Path) -> str:
    """Return a name for what the files say."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:8]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)
