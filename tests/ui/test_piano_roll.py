"""Drawing notes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session, Timing
from musicassist.ui.note_colours import velocity_share
from musicassist.ui.piano_roll import PianoRoll
from musicassist.ui.theme import DARK, mix
from musicassist.ui.time_axis import GUTTER_PX
from tests.ui.conftest import Desk, MakeDesk


def colours(roll: PianoRoll) -> set[str]:
    image = roll.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {
        image.pixelColor(x, y).name()
        for x in range(GUTTER_PX, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


def shaded(colour: str, velocity: int) -> str:
    return mix(DARK.row_outside, colour, velocity_share(velocity)).name()


def test_the_phrase_is_blue_and_shaded_by_velocity(make_desk: MakeDesk) -> None:
    notes = (Note(0, 900, 60, 127), Note(960, 900, 62, 30))
    desk = make_desk(Session(primer=Clip(notes, 1920), timing=Timing(strength=0)))
    seen = colours(desk.window.timeline.roll)
    assert {shaded(DARK.person, 127), shaded(DARK.person, 30)} <= seen
    assert not desk.window.timeline.roll.findChild(type(desk.window), "none")


def test_the_solo_is_orange(desk: Desk) -> None:
    before = colours(desk.window.timeline.roll)
    desk.continue_phrase()
    solo = desk.window.timeline.roll.arrangement.solo
    assert solo is not None
    loudest = max(note.velocity for note in solo.notes)
    assert shaded(DARK.machine, loudest) not in before
    assert shaded(DARK.machine, loudest) in colours(desk.window.timeline.roll)


def test_an_empty_roll_says_what_to_do_and_offers_the_demo(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    button = desk.window.timeline.roll._empty.demo_button
    assert button.isVisible()
    button.click()
    assert not button.isVisible()
    assert desk.services.document.session.primer is not None


def test_all_notes_are_in_sight_at_first(desk: Desk) -> None:
    desk.continue_phrase()
    roll = desk.window.timeline.roll
    for clip in (roll.arrangement.primer, roll.arrangement.solo):
        assert clip is not None
        for note in clip.notes:
            assert 0 <= roll.rows.y_at(note.pitch) <= roll.height() - roll.rows.row_px


def test_ctrl_and_wheel_zooms_time(desk: Desk) -> None:
    axis = desk.window.timeline.axis
    before = axis.px_per_beat
    wheel(desk.window.timeline.roll, 120, Qt.KeyboardModifier.ControlModifier)
    assert axis.px_per_beat > before
    axis.show_all()
    assert axis.px_per_beat == pytest.approx(before)


def test_the_wheel_alone_moves_up_and_down_within_the_keys(desk: Desk) -> None:
    roll = desk.window.timeline.roll
    for turn in (120, -120):
        for _ in range(100):
            wheel(roll, turn, Qt.KeyboardModifier.NoModifier)
        top = roll.rows.top_pitch
        assert top <= 127
        assert top - roll.height() / roll.rows.row_px >= -1.01


def test_ten_thousand_notes_are_drawn_as_far_as_they_are_seen(make_desk: MakeDesk) -> None:
    notes = tuple(Note(i * 60, 50, 48 + i % 24) for i in range(10_000))
    desk = make_desk(Session(primer=Clip(notes, 1920 * 400), timing=Timing(strength=0)))
    roll, axis = desk.window.timeline.roll, desk.window.timeline.axis
    axis.zoom(20)
    axis.scroll_to(1920 * 200)
    assert QColor(shaded(DARK.person, 90)).name() in colours(roll)


def test_a_playhead_that_leaves_the_page_turns_it(desk: Desk) -> None:
    axis = desk.window.timeline.axis
    axis.zoom(6, GUTTER_PX)
    desk.services.player.play()
    desk.engine.move_playhead(1920 * 3.0)
    assert axis.left_ticks <= 1920 * 3 < axis.left_ticks + axis.seen_ticks


def test_without_a_key_the_roll_still_draws(make_desk: MakeDesk) -> None:
    desk = make_desk(replace(Session(), key=None))
    assert colours(desk.window.timeline.roll)


def wheel(roll: PianoRoll, turn: int, modifiers: Qt.KeyboardModifier) -> None:
    place = QPointF(300, 100)
    event = QWheelEvent(
        place,
        QPointF(roll.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(roll, event)
