"""Death without warning: nothing that was acknowledged is lost, and the file always opens.

The sizes are those of every run; `benchmarks/survival.py` runs the nightly ones.
"""

from pathlib import Path

import pytest

from tests.stories.killing import Toll, kill_editors, kill_players, side_by_side
from tests.stories.killing_switches import kill_switchers
from tests.stories.killing_whole import kill_engines, kill_programs

N_PLAYERS = 120
N_EDITORS = 50
N_ENGINES = 20
N_PROGRAMS = 10
N_SWITCHERS = 10
GENEROUS_S = 30.0  # a busy machine's; the benchmark holds an idle one to two seconds


def judge(toll: Toll, n_kills: int) -> None:
    assert toll.complaints == []
    assert (toll.n_lost, toll.n_unopened) == (0, 0)
    assert toll.n_kills == n_kills
    assert toll.n_acknowledged > n_kills
    assert toll.longest_back_s < GENEROUS_S


def test_a_journal_killed_while_being_played_into_loses_nothing(tmp_path: Path) -> None:
    toll = side_by_side(kill_players, tmp_path, N_PLAYERS)
    judge(toll, N_PLAYERS)
    assert toll.n_recovered > N_PLAYERS // 4


def test_a_window_killed_while_saving_loses_nothing_it_said_was_saved(tmp_path: Path) -> None:
    judge(side_by_side(kill_editors, tmp_path, N_EDITORS), N_EDITORS)


def test_an_engine_killed_while_being_played_on_brings_the_phrase_back(tmp_path: Path) -> None:
    toll = side_by_side(kill_engines, tmp_path, N_ENGINES)
    judge(toll, N_ENGINES)
    assert toll.n_recovered > N_ENGINES // 4


def test_window_and_engine_killed_leave_everything_they_said_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    judge(side_by_side(kill_programs, tmp_path, N_PROGRAMS), N_PROGRAMS)


def test_a_program_killed_while_it_goes_from_session_to_session_keeps_each_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))  # where it notes what it opened
    toll = side_by_side(kill_switchers, tmp_path, N_SWITCHERS)
    judge(toll, N_SWITCHERS)
    assert toll.n_recovered >= N_SWITCHERS // 2 - 1  # sessions that were opened
