"""Each hostile request gets the answer that fits it, and the server is as well as before."""

import pytest
import pytest_asyncio

from litereg.app import Registry, create_app
from litereg.server.runner import serving
from litereg.settings import Settings
from tests.client import People, make_catalog, make_package
from tests.fuzz.corpus import CASES
from tests.fuzz.sending import request_of, send

pytestmark = pytest.mark.fuzz
OURS = ("Traceback", "sqlite3", "/litereg/", 'File "', "INTERNAL_SERVER_ERROR")


class Site:
    """A registry that answers, and the session of somebody in it."""

    def __init__(self, url, token):
        self.host, self.port = url.removeprefix("http://").split(":")
        self._token = token

    async def ask(self, case):
        request = request_of(case, self._token, case.body())
        return await send(self.host, int(self.port), request)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "litereg.db"
    settings = Settings(db=str(path), password_cost=4, port=0, max_tries=1_000)
    registry = await Registry.open(settings)
    ann = await People(registry)("ann")
    await make_catalog(ann, "open", is_public=True)
    for number in range(12):
        await make_package(ann, "open", f"rain{number}", is_public=True)
    async with serving(create_app(settings, registry), settings) as url:
        yield Site(url, ann.token)
    await registry.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_answer_fits(site, case):
    answered = await site.ask(case)
    code, message = answered.error

    assert (answered.status, code) == (case.status, case.code), answered.body
    assert case.says in message
    assert not any(word in str(answered.body) for word in OURS)


def test_there_are_many_of_them_and_each_has_a_name():
    assert len(CASES) >= 80
    assert len({case.name for case in CASES}) == len(CASES)
