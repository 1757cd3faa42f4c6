"""The tempo field and what stands beside it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from musicassist.engine.protocol import PhraseCaptured
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from tests.ui.conftest import Desk


def tempo_of(desk: Desk) -> float:
    return round(desk.services.document.session.timebase.tempos[0].bpm, 1)


def freely_played(bpm: float) -> Take:
    """Return eight even notes of half a beat, then a long one, without a transport."""
    events = []
    for index in range(9):
        time_ns = round(index * 30e9 / bpm)
        events.append(RawEvent(time_ns, NOTE_ON, 60 + index, 80))
        events.append(RawEvent(time_ns + 100_000_000, NOTE_OFF, 60 + index))
    return Take(tuple(events), "V49")


def test_what_is_being_typed_stays_while_the_tempo_does(desk: Desk) -> None:
    field = desk.window.transport.tempo.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "13")
    desk.services.chords.set_text("Am | F")
    assert field.text() == "13"
    QTest.keyClicks(field, "1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tempo_of(desk) == 131.0


@pytest.mark.parametrize(
    ("typed", "becomes", "said"),
    [
        ("500", 400.0, "A tempo is 20 to 400 BPM: 500 became 400."),
        ("5", 20.0, "A tempo is 20 to 400 BPM: 5 became 20."),
    ],
)
def test_a_tempo_out_of_range_is_put_right_with_a_word(
    desk: Desk, typed: str, becomes: float, said: str
) -> None:
    field = desk.window.transport.tempo.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tempo_of(desk) == becomes
    assert desk.window.notices.text.whole_text == said


def test_letters_are_no_tempo(desk: Desk) -> None:
    field = desk.window.transport.tempo.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "xy")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tempo_of(desk) == 96.0


def test_the_tempo_is_nudged_by_keys_in_one_step(desk: Desk) -> None:
    for _ in range(3):
        QTest.keyClick(desk.window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(desk.window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert tempo_of(desk) == 98.0
    desk.services.document.undo()
    assert tempo_of(desk) == 96.0


def test_half_and_double_stand_there_for_a_free_phrase_only(desk: Desk) -> None:
    box = desk.window.transport.tempo
    assert not box.half.isVisible()
    desk.engine.say(PhraseCaptured(freely_played(120)))
    assert tempo_of(desk) == pytest.approx(120, abs=0.5)
    assert box.half.isVisible()
    box.half.click()
    assert tempo_of(desk) == pytest.approx(60, abs=0.3)
    box.half.click()
    box.half.click()
    assert tempo_of(desk) == pytest.approx(30, abs=0.3)
    assert not box.half.isEnabled()
    assert "20 BPM" in box.half.toolTip()
    box.double.click()
    assert box.half.isEnabled()
    desk.services.phrase_files.load_demo()
    assert not box.half.isVisible()
