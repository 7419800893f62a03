import pytest

from tests.upgrades.killing import Figures, kill_at_each_statement
from tests.upgrades.old_registries import NAMES, make_old_registry

pytestmark = pytest.mark.durability


def test_kill_9_at_any_statement_of_an_upgrade_leaves_whole_steps(tmp_path, record_property):
    figures = Figures()

    for count in range(1, len(NAMES)):
        old = tmp_path / f"{count}.db"
        make_old_registry(old, count)
        kill_at_each_statement(old, tmp_path, figures)

    record_property(
        "figure",
        f"{figures.kills} kills in upgrades from {len(NAMES) - 1} older schemas, one at each "
        f"statement: {len(figures.between)} left something between two schemas",
    )
    assert figures.between == []
    # The kills came before, in and after every migration but the last, after which nothing comes.
    assert set(range(1, len(NAMES))) <= set(figures.steps)
