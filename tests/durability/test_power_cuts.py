import secrets

import pytest

from tests.durability.power_cuts import cut_power, why_not

pytestmark = pytest.mark.durability


@pytest.fixture
def cut(tmp_path, record_property):
    """Cuts the power and notes the figures; the seed is new each time, and stands with them."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)

    def cut(cuts, synchronous):
        figures = cut_power(tmp_path, cuts, secrets.randbelow(1_000_000), synchronous)
        record_property("figure", figures)
        return figures

    return cut


def test_a_power_cut_loses_no_acknowledged_write(cut):
    figures = cut(100, "FULL")

    assert figures.cuts == 100
    assert figures.acknowledged >= 1_500
    assert figures.refused > 0
    assert figures.troubles == []
    assert (figures.lost, figures.torn, figures.unasked, figures.corrupt) == (0, 0, 0, 0)


def test_the_rig_sees_the_loss_when_the_store_does_not_wait_for_the_disk(cut):
    """The control: were nothing lost here, the test above would prove nothing."""
    figures = cut(20, "NORMAL")

    assert figures.lost > 0
    assert figures.torn == 0
