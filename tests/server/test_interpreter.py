import asyncio
import gc
import sys

import pytest

from litereg.server import interpreter
from litereg.server.interpreter import LOOKS_FOR_GARBAGE, SWITCH_INTERVAL_S, Surplus, starting


@pytest.fixture
def as_before():
    """Give the tests that follow their interpreter back as it was."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("as_before")
def test_what_is_loaded_at_the_start_is_never_looked_through_for_garbage():
    with starting():
        assert not gc.isenabled()
        loaded = [[]]

    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == LOOKS_FOR_GARBAGE
    assert not any(found is loaded for found in gc.get_objects())
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)


@pytest.mark.usefixtures("as_before")
def test_a_start_that_fails_leaves_the_collector_at_work():
    with pytest.raises(ZeroDivisionError), starting():
        raise ZeroDivisionError

    assert gc.isenabled()


@pytest.mark.parametrize(("answers", "times"), [(1, 1), (2, 2), (5, 2)])
async def test_memory_is_given_back_now_and_then_and_after_the_last_answer(
    monkeypatch, answers, times
):
    asked, done = [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def trim(left):
        asked.append(left)
        if len(asked) == times:
            loop.call_soon_threadsafe(done.set)
        return 1

    monkeypatch.setattr(interpreter, "GIVE_BACK_AFTER_S", 0)
    monkeypatch.setattr(interpreter, "_malloc_trim", lambda: trim)
    surplus = Surplus()
    for _ in range(answers):
        surplus.give_back_soon()
    await done.wait()

    assert asked == [0] * times
    assert surplus._timer is None


async def test_where_the_c_library_has_no_such_function_nothing_is_done(monkeypatch):
    monkeypatch.setattr(interpreter, "_malloc_trim", lambda: None)
    surplus = Surplus()

    surplus.give_back_soon()

    assert surplus._timer is None
