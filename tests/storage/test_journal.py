"""What is played, in the session file."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.music.take import RawEvent
from musicassist.storage import journal as journal_module
from musicassist.storage import played as played_module
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent
from musicassist.storage.session_file import SessionFile
from tests.storage.conftest import PATIENCE_S, MakeJournal, note, notes


def played_in(path: Path) -> tuple[tuple[PlayedEvent, ...], ...]:
    file = SessionFile(path)
    try:
        return tuple(run for run in file.played() if run)
    finally:
        file.close()


class Ears:
    """Hears what a journal says, and waits for it."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.failures: list[MusicAssistError] = []
        self._spoke = threading.Condition()

    def on_kept(self, n_events: int) -> None:
        with self._spoke:
            self.kept.append(n_events)
            self._spoke.notify_all()

    def on_failed(self, error: MusicAssistError) -> None:
        with self._spoke:
            self.failures.append(error)
            self._spoke.notify_all()

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        with self._spoke:
            assert self._spoke.wait_for(is_so, PATIENCE_S), (self.kept, self.failures)


@pytest.fixture
def ears() -> Ears:
    return Ears()


def listening(path: Path, ears: Ears) -> Journal:
    return Journal(path, ears.on_kept, ears.on_failed)


class FailingDisk:
    """Lets commits fail as long as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.problem: Exception | None = None
        self.n_tries = 0
        insert = played_module.insert_played

        def insert_or_fail(*arguments: object) -> None:
            self.n_tries += 1
            if self.problem is not None:
                raise self.problem
            insert(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(journal_module, "insert_played", insert_or_fail)
        monkeypatch.setattr(journal_module, "RETRY_S", 0.01)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch)


def full() -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError("database or disk is full")
    problem.sqlite_errorcode = sqlite3.SQLITE_FULL
    return problem


def test_everything_played_is_there_in_order(path: Path, ears: Ears) -> None:
    journal = listening(path, ears)
    for each in notes(1_000):
        journal.add(each)
    journal.close()
    assert played_in(path) == (notes(1_000),)
    assert ears.kept[-1] == journal.n_kept == 1_000
    assert ears.kept == sorted(set(ears.kept))


def test_what_is_acknowledged_can_be_read_by_others_at_once(path: Path, ears: Ears) -> None:
    journal = listening(path, ears)
    for number in range(5):
        journal.add(note(number))
        ears.wait_until(lambda expected=number + 1: ears.kept[-1:] == [expected])
        assert played_in(path) == (notes(number + 1),)
    journal.close()


def test_every_run_is_kept_apart(path: Path, journal: MakeJournal) -> None:
    for run in range(3):
        each = journal()
        each.add(note(run))
        each.close()
    assert played_in(path) == ((note(0),), (note(1),), (note(2),))


def test_many_threads_lose_nothing_and_each_keeps_its_order(
    path: Path, journal: MakeJournal
) -> None:
    made = journal()

    def play(source: str) -> None:
        for number in range(300):
            made.add(PlayedEvent(RawEvent(number, 0x90, 60, 1), source))

    threads = [threading.Thread(target=play, args=(f"Port {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.close()
    (played,) = played_in(path)
    for n in range(4):
        times = [each.event.time_ns for each in played if each.source == f"Port {n}"]
        assert times == list(range(300))


def test_after_a_death_what_follows_the_last_finished_phrase_comes_back(
    journal: MakeJournal,
) -> None:
    dead = journal()
    for each in notes(4):
        dead.add(each)
    dead.finish_phrase()
    for each in notes(6, first=4):
        dead.add(each)
    dead.close(is_orderly=False)
    assert journal().recovered() == notes(6, first=4)


def test_a_phrase_that_was_handed_over_only_just_before_death_comes_back(
    journal: MakeJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window may have died as well, before it had saved what it was handed."""
    dead = journal()
    dead.add(note(0))
    dead.finish_phrase()
    kept = threading.Event()
    monkeypatch.setattr(dead, "_on_kept", lambda n_events: kept.set())
    dead.add(note(1))
    assert kept.wait(PATIENCE_S)  # the first phrase has been noted by now
    monkeypatch.setattr(journal_module, "SETTLE_S", 3600.0)
    dead.add(note(2))
    dead.finish_phrase()
    dead.close(is_orderly=False)
    assert journal().recovered() == (note(1), note(2))


def test_a_phrase_handed_over_is_noted_in_time_though_nothing_more_is_played(
    path: Path, journal: MakeJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SETTLE_S", 0.02)
    noted = threading.Event()
    finish = journal_module.finish_phrases

    def finish_and_tell(*arguments: Any) -> None:
        finish(*arguments)
        noted.set()

    made = journal()
    made.add(note(0))
    monkeypatch.setattr(journal_module, "finish_phrases", finish_and_tell)
    made.finish_phrase()
    assert noted.wait(PATIENCE_S)
    made.close(is_orderly=False)
    assert journal().recovered() == ()


def test_phrases_follow_each_other_while_the_disk_fails(
    path: Path, ears: Ears, disk: FailingDisk, journal: MakeJournal
) -> None:
    made = journal(ears.on_kept, ears.on_failed)
    disk.problem = full()
    for number in range(6):
        made.add(note(number))
        if number % 2:
            made.finish_phrase()
    made.add(note(6))
    ears.wait_until(lambda: bool(ears.failures))
    disk.problem = None
    ears.wait_until(lambda: ears.kept[-1:] == [7])
    made.close(is_orderly=False)
    assert played_in(path) == (notes(7),)
    assert journal().recovered() == (note(6),)


def test_no_clock_on_the_wall_decides_anything(path: Path, journal: MakeJournal) -> None:
    for number, moment in enumerate(("9999-01-01", "1970-01-01")):
        dead = journal()
        dead.add(note(number))
        dead.close(is_orderly=False)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("UPDATE runs SET started_at = ? WHERE id = ?", (moment, number + 1))
    assert journal().recovered() == (note(1),)
    assert played_in(path) == ((note(0),), (note(1),))


def test_a_run_that_ended_orderly_leaves_nothing_to_recover(journal: MakeJournal) -> None:
    done = journal()
    done.add(note(0))
    done.close()
    assert journal().recovered() == ()


def test_a_first_run_has_nothing_to_recover(journal: MakeJournal) -> None:
    assert journal().recovered() == ()


def test_a_recovered_phrase_comes_again_until_it_has_been_handed_over(
    journal: MakeJournal,
) -> None:
    dead = journal()
    dead.add(note(0))
    dead.close(is_orderly=False)
    died_at_once = journal()
    assert died_at_once.recovered() == (note(0),)
    died_at_once.close(is_orderly=False)
    second = journal()
    assert second.recovered() == (note(0),)
    second.finish_phrase()
    second.close(is_orderly=False)
    assert journal().recovered() == ()


@pytest.mark.parametrize("place_ticks", [float("inf"), float("-inf"), 1e300])
def test_a_place_where_no_music_can_stand_is_none(journal: MakeJournal, place_ticks: float) -> None:
    dead = journal()
    dead.add(replace(note(0), place_ticks=place_ticks))
    dead.close(is_orderly=False)
    assert journal().recovered() == (replace(note(0), place_ticks=None),)


def test_of_two_dead_runs_the_newer_comes_back_first_and_then_the_other(
    journal: MakeJournal,
) -> None:
    for number in (0, 1):
        dead = journal()
        dead.add(note(number))
        dead.close(is_orderly=False)
    for expected in ((note(1),), (note(0),), ()):
        each = journal()
        assert each.recovered() == expected
        each.close()


def test_an_engine_that_is_still_leaving_does_not_hide_its_phrase(journal: MakeJournal) -> None:
    leaving = journal()
    leaving.add(note(0))
    leaving.close(is_orderly=False)
    successor = journal()
    late = journal()
    late.add(note(1))
    late.close()
    assert successor.recovered() == (note(0),)


def test_a_full_disk_is_told_once_and_everything_is_written_when_there_is_room(
    path: Path, ears: Ears, disk: FailingDisk
) -> None:
    journal = listening(path, ears)
    disk.problem = full()
    for each in notes(50):
        journal.add(each)
    ears.wait_until(lambda: bool(ears.failures))
    assert ears.kept == []
    n_tries = disk.n_tries
    ears.wait_until(lambda: True)
    while disk.n_tries < n_tries + 3:
        threading.Event().wait(0.005)
    disk.problem = None
    journal.add(note(50))
    ears.wait_until(lambda: ears.kept[-1:] == [51])
    journal.close()
    (failure,) = ears.failures
    assert failure.what == (
        "What you play is not being saved in Session.musicassist: the disk is full."
    )
    assert "kept in memory" in failure.hint
    assert played_in(path) == (notes(51),)


def test_a_disk_that_fails_again_is_told_again(path: Path, ears: Ears, disk: FailingDisk) -> None:
    journal = listening(path, ears)
    for number in range(2):
        disk.problem = full()
        journal.add(note(number))
        ears.wait_until(lambda expected=number + 1: len(ears.failures) == expected)
        disk.problem = None
        ears.wait_until(lambda expected=number + 1: ears.kept[-1:] == [expected])
    journal.close()


def test_leaving_does_not_wait_for_a_disk_that_does_not_come_back(
    path: Path, ears: Ears, disk: FailingDisk
) -> None:
    journal = listening(path, ears)
    disk.problem = full()
    journal.add(note(0))
    journal.close()
    assert len(ears.failures) == 1
    assert played_in(path) == ()


def test_memory_stays_within_bounds_while_nothing_can_be_written(
    path: Path, ears: Ears, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_EVENTS", 50)
    journal = listening(path, ears)
    disk.problem = full()
    for each in notes(500):
        journal.add(each)
    ears.wait_until(lambda: bool(ears.failures))
    disk.problem = None
    ears.wait_until(lambda: bool(ears.kept))
    journal.close()
    assert played_in(path) == (notes(100, first=400),)


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError) as problem:
        Journal(tmp_path, lambda n_events: None, lambda error: None)
    assert problem.value.what == f"{tmp_path.name} is not a file."


def test_the_oldest_runs_go_when_there_is_more_than_an_hour(
    path: Path, journal: MakeJournal
) -> None:
    hour_ns = played_module.KEPT_NS
    for start_ns in (0, hour_ns, 2 * hour_ns):
        made = journal()
        made.add(note(0, start_ns))
        made.add(note(1, start_ns + hour_ns * 2 // 3))
        made.close()
    journal().close()
    assert [run[0].event.time_ns for run in played_in(path)] == [hour_ns, 2 * hour_ns]


def test_runs_in_which_nothing_was_played_leave_nothing_behind(
    path: Path, journal: MakeJournal
) -> None:
    for _ in range(5):
        journal().close()
    file = SessionFile(path)
    assert len(file.played()) == 1
    file.close()


def test_a_run_of_any_length_keeps_the_file_bounded(
    path: Path, journal: MakeJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played_module, "MOST_EVENTS", 100)
    monkeypatch.setattr(journal_module, "_PRUNE_EVERY", 10)
    made = journal()
    for each in notes(1_000):
        made.add(each)
    made.close()
    journal().close()
    assert played_in(path) == (notes(100, first=900),)


def test_a_name_that_no_file_can_hold_is_kept_as_far_as_it_goes(
    path: Path, journal: MakeJournal
) -> None:
    made = journal()
    made.add(PlayedEvent(RawEvent(0, 0x90, 60, 1), "V49 \udcff\0 é"))
    made.close()
    ((played,),) = played_in(path)
    assert played.source == "V49 ?\0 é"
