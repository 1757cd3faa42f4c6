"""What is played is in the session file, whatever happens to the engine."""

import threading

import pytest

from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    KeepIn,
    KeepingIn,
    LetGo,
    PhraseCaptured,
    PlayClip,
    PlayingKept,
)
from musicassist.music.clip import Clip
from musicassist.music.take import RawEvent
from musicassist.music.timebase import Timebase
from musicassist.storage import journal as journal_module
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent
from musicassist.storage.session_file import SessionFile

PATIENCE_S = 20


@pytest.fixture
def file(tmp_path, monkeypatch):
    # How long the window is given to save what it was handed is the journal's affair.
    monkeypatch.setattr(journal_module, "SETTLE_S", 0.0)
    return tmp_path / "session.mas"


class Disk:
    """Waits for the journal's thread, which keeps real time."""

    def __init__(self, monkeypatch):
        self._changed = threading.Condition()
        self._n_kept = {}
        real = Journal.__init__

        def spied(journal, path, on_kept, on_failed):
            def kept(n_kept):
                on_kept(n_kept)
                with self._changed:
                    self._n_kept[id(journal)] = n_kept
                    self._changed.notify_all()

            real(journal, path, kept, on_failed)

        monkeypatch.setattr(Journal, "__init__", spied)

    def wait_for(self, studio, n_events):
        journal = id(studio.engine._keeper._journal)
        with self._changed:
            assert self._changed.wait_for(
                lambda: self._n_kept.get(journal, 0) >= n_events, PATIENCE_S
            )


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def play_note(studio, pitch=60):
    studio.play(0x90, pitch, 90)
    studio.step()
    studio.play(0x80, pitch, 64)
    studio.step()


def die(studio):
    """Leave as an engine does whose window has gone: what was not handed over stays."""
    studio.engine.close(is_orderly=False)


def test_every_event_is_kept_with_its_place_and_told(open_studio, disk, file):
    studio = open_studio(session_file=file)
    assert studio.of(EngineReady)[0].is_keeping
    play_note(studio)
    studio.obey(PlayClip(Clip(), Timebase(), is_endless=True))
    studio.wait(0.5)
    play_note(studio, 62)
    studio.play(0xB0, 64, 100)
    studio.step()
    disk.wait_for(studio, 5)
    studio.wait(0.1)
    assert studio.of(PlayingKept)[-1] == PlayingKept(5)
    die(studio)
    journal = Journal(file, lambda _: None, lambda _: None)
    kept = journal.recovered()
    journal.close()
    assert [(each.event.data1, each.source) for each in kept] == [
        (number, "Keys") for number in (60, 60, 62, 62, 64)
    ]
    assert [each.place_ticks for each in kept][:2] == [None, None]
    assert kept[2].place_ticks == pytest.approx(480, abs=6)


def test_it_is_told_at_most_every_so_often(open_studio, disk, file):
    studio = open_studio(session_file=file)
    for number in range(1, 21):
        play_note(studio)
        disk.wait_for(studio, 2 * number)
    assert 1 <= len(studio.of(PlayingKept)) <= 5


def test_without_a_session_nothing_is_kept(studio):
    assert not studio.of(EngineReady)[0].is_keeping
    play_note(studio)
    studio.wait(0.2)
    assert not studio.of(PlayingKept)


def test_a_phrase_that_a_dead_engine_had_not_handed_over_comes_by_itself_once(open_studio, file):
    first = open_studio(session_file=file)
    play_note(first, 60)
    first.wait(3)
    assert len(first.of(PhraseCaptured)) == 1
    play_note(first, 62)
    first.play(0x90, 64, 90)
    first.step()
    die(first)
    second = open_studio(session_file=file)
    [recovered] = second.of(PhraseCaptured)
    assert recovered.was_recovered
    assert [event.data1 for event in recovered.take.events] == [62, 62, 64, 64]
    die(second)
    assert not open_studio(session_file=file).of(PhraseCaptured)


def test_a_run_of_nothing_but_a_pedal_does_not_hide_an_older_phrase(open_studio, file):
    first = open_studio(session_file=file)
    play_note(first, 60)
    die(first)
    second = Journal(file, lambda _: None, lambda _: None)
    second.add(PlayedEvent(RawEvent(0, 0xB0, 64, 127), "Keys"))
    second.close(is_orderly=False)
    third = open_studio(session_file=file)
    assert not third.of(PhraseCaptured)
    die(third)
    [recovered] = open_studio(session_file=file).of(PhraseCaptured)
    assert [event.data1 for event in recovered.take.events] == [60, 60]


def test_what_was_grabbed_is_not_recovered(open_studio, file):
    first = open_studio(session_file=file)
    play_note(first)
    first.obey(GrabPhrase())
    die(first)
    assert not open_studio(session_file=file).of(PhraseCaptured)


def test_an_engine_that_is_told_to_leave_hands_over_what_is_being_played(open_studio, file):
    first = open_studio(session_file=file)
    first.play(0x90, 60, 90)
    first.wait(0.1)
    first.engine.close(is_orderly=True)
    [captured] = first.of(PhraseCaptured)
    assert captured.take.n_notes == 1
    assert not open_studio(session_file=file).of(PhraseCaptured)


def test_a_file_that_cannot_be_used_is_told_and_playing_goes_on(open_studio, tmp_path):
    studio = open_studio(session_file=tmp_path)
    assert not studio.of(EngineReady)[0].is_keeping
    play_note(studio)
    studio.wait(2)
    assert len(studio.of(EngineTrouble)) == 1
    assert len(studio.of(PhraseCaptured)) == 1


def test_a_disk_that_fails_is_told_once_and_playing_goes_on(open_studio, file, monkeypatch):
    studio = open_studio(session_file=file)
    has_failed = threading.Event()

    def fail(*_):
        has_failed.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Journal, "_commit", fail)
    for _ in range(3):
        play_note(studio)
    assert has_failed.wait(PATIENCE_S)
    studio.wait(0.1)
    while not studio.of(EngineTrouble):
        studio.step()
    studio.wait(2)
    assert len(studio.of(EngineTrouble)) == 1
    assert len(studio.of(PhraseCaptured)) == 1
    monkeypatch.undo()


def test_what_is_played_after_a_switch_is_kept_in_the_other_file(open_studio, disk, file, tmp_path):
    other = tmp_path / "other.mas"
    studio = open_studio(session_file=file)
    play_note(studio, 60)
    disk.wait_for(studio, 2)
    studio.play(0x90, 62, 90)
    studio.obey(KeepIn(str(other)))
    [under_way] = studio.of(PhraseCaptured)
    assert [note.data1 for note in under_way.take.events] == [60, 60, 62, 62]
    assert studio.of(KeepingIn) == [
        KeepingIn(str(file), True),
        KeepingIn(str(other), True, (str(file),)),
    ]
    studio.obey(LetGo(str(file)))
    assert studio.of(KeepingIn)[-1] == KeepingIn(str(other), True)
    play_note(studio, 64)
    disk.wait_for(studio, 2)
    studio.wait(0.1)
    assert studio.of(PlayingKept)[-1] == PlayingKept(2)
    die(studio)
    assert played_in(file) == [60, 60, 62]
    assert played_in(other) == [64, 64]
    [recovered] = open_studio(session_file=other).of(PhraseCaptured)
    assert [event.data1 for event in recovered.take.events] == [64, 64]
    assert not open_studio(session_file=file).of(PhraseCaptured)


def played_in(path):
    session_file = SessionFile(path)
    kept = session_file.played()
    session_file.close()
    return [each.event.data1 for run in kept for each in run]


def test_a_phrase_under_way_at_a_switch_comes_back_unless_the_file_was_let_go(
    open_studio, file, tmp_path, monkeypatch
):
    monkeypatch.undo()
    studio = open_studio(session_file=file)
    play_note(studio)
    studio.obey(KeepIn(str(tmp_path / "other.mas")))
    assert len(studio.of(PhraseCaptured)) == 1
    die(studio)  # the window has gone before it had saved the phrase
    [recovered] = open_studio(session_file=file).of(PhraseCaptured)
    assert recovered.was_recovered


def test_a_switch_hands_over_what_had_not_been_in_the_other_file(open_studio, file, tmp_path):
    first = open_studio(session_file=tmp_path / "other.mas")
    play_note(first, 70)
    die(first)
    studio = open_studio(session_file=file)
    studio.obey(KeepIn(str(tmp_path / "other.mas")))
    said = [type(each) for each in studio.events if isinstance(each, KeepingIn | PhraseCaptured)]
    assert said == [KeepingIn, KeepingIn, PhraseCaptured]
    assert studio.of(PhraseCaptured)[0].was_recovered


def test_there_and_back_again_keeps_everything_where_it_was_played(
    open_studio, disk, file, tmp_path
):
    other = tmp_path / "other.mas"
    studio = open_studio(session_file=file)
    for path, pitch in ((file, 60), (other, 62), (file, 64), (file, 65), (other, 66)):
        studio.obey(KeepIn(str(path)))
        play_note(studio, pitch)
    studio.engine.close(is_orderly=True)
    assert played_in(file) == [60, 60, 64, 64, 65, 65]
    assert played_in(other) == [62, 62, 66, 66]


def test_a_switch_to_a_file_that_cannot_be_used_is_told(open_studio, file, tmp_path):
    studio = open_studio(session_file=file)
    studio.obey(KeepIn(str(tmp_path)))
    studio.wait(0.1)
    assert not studio.of(KeepingIn)[-1].is_keeping
    assert len(studio.of(EngineTrouble)) == 1
    studio.obey(KeepIn(str(file)))
    assert studio.of(KeepingIn)[-1].is_keeping


def test_an_engine_told_to_keep_where_it_keeps_recovers_nothing_twice(open_studio, disk, file):
    first = open_studio(session_file=file)
    play_note(first)
    disk.wait_for(first, 2)
    die(first)
    second = open_studio(session_file=file)
    second.obey(KeepIn(str(file)))
    assert len(second.of(PhraseCaptured)) == 1
    assert second.of(KeepingIn)[-1].session_file == str(file)
