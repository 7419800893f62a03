import re
import subprocess
import sys

import pytest
from aiohttp import web

import litereg
from litereg.app import Registry

PROGRAM = "import sys, litereg; print(litereg.__version__, len(sys.modules))"


def test_these_names_are_promised():
    assert litereg.__all__ == ["Settings", "__version__", "create_app"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", litereg.__version__)


async def test_a_registry_can_be_embedded(tmp_path):
    settings = litereg.Settings(db=str(tmp_path / "litereg.db"))
    registry = await Registry.open(settings)
    try:
        assert isinstance(litereg.create_app(settings, registry), web.Application)
    finally:
        await registry.close()


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match="'litereg' has no attribute 'nothing'"):
        _ = litereg.nothing


def test_the_version_alone_imports_no_other_part():
    program = "import sys, litereg; litereg.__version__; print(*sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert not {"litereg.app", "litereg.settings", "graphql"} & set(run.stdout.split())
