"""Without any network the pages and the playground are whole."""

import asyncio
import json
import subprocess

import pytest

from litereg.web import assets
from tests.browser import alone
from tests.browser.places import PLACES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_pages_and_playground_are_whole_where_there_is_no_network(browser):
    if not assets.is_fresh():
        pytest.skip("the web files are not built: run `python -m litereg.web.assets`")
    command = alone.command(alone.INSIDE)
    if command is None:
        pytest.skip("this machine lets nobody make a network of their own (unshare --net, with ip)")

    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["opened"] == sum(place.status == 200 for place in PLACES)
    assert '"latestPackages"' in seen["playground"]
    assert seen["complaints"] == []
    assert seen["hosts"] == []
