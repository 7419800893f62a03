import secrets

import pytest

from tests.durability.kill9 import kill_repeatedly
from tests.durability.registry import Registry

pytestmark = pytest.mark.durability


def test_kill_9_under_writers_loses_no_acknowledged_write(tmp_path, record_property):
    figures = kill_repeatedly(tmp_path, 25, 1_500, secrets.randbelow(1_000_000), Registry())

    record_property("figure", figures)
    assert figures.cycles >= 25
    assert len(figures.acknowledged) >= 1_500
    assert figures.lost == set()
    assert figures.contents.torn == set()
    assert figures.unasked == set()
    assert figures.contents.damage is None
