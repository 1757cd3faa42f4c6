"""What recording shows in the piano roll."""

from PySide6.QtGui import QColor

from musicassist.engine.protocol import KeyMoved
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.ui.piano_roll import PianoRoll
from musicassist.ui.recording_view import PlayedNotes
from musicassist.ui.theme import DARK
from tests.ui.conftest import Desk

KEY_DOWN = KeyMoved(60, is_down=True, is_playback=False, source="V49")
KEY_UP = KeyMoved(60, is_down=False, is_playback=False, source="V49")


def spans(notes: PlayedNotes) -> list[tuple[int, float, float | None]]:
    return [(note.pitch, note.start_ticks, note.end_ticks) for note in notes]


def drawn_px(roll: PianoRoll) -> int:
    """Return how far the blue of a note being played reaches, in pixels."""
    image, wanted = roll.grab().toImage(), QColor(DARK.person).rgb()
    columns = {
        x
        for x in range(60, image.width())
        for y in range(image.height())
        if image.pixel(x, y) == wanted
    }
    return len(columns)


def test_notes_are_held_until_let_go() -> None:
    notes = PlayedNotes()
    notes.move(60, 10.0, is_down=True)
    assert notes.are_held
    notes.move(60, 30.0, is_down=False)
    notes.move(64, 40.0, is_down=True)
    assert spans(notes) == [(60, 10.0, 30.0), (64, 40.0, None)]
    notes.move(64, 50.0, is_down=True)
    assert spans(notes)[1:] == [(64, 40.0, 50.0), (64, 50.0, None)]


def test_a_turn_of_the_loop_parts_what_is_held() -> None:
    notes = PlayedNotes()
    notes.move(60, 10.0, is_down=True)
    notes.move(60, 20.0, is_down=False)
    notes.move(64, 90.0, is_down=True)
    notes.turn(100.0, 0.0)
    assert spans(notes) == [(60, 10.0, 20.0), (64, 90.0, 100.0), (64, 0.0, None)]
    notes.forget()
    assert spans(notes) == [(64, 0.0, None)]


def test_a_note_grows_while_it_is_recorded(desk: Desk) -> None:
    desk.services.sessions.start_new()
    desk.services.settings.change(count_in_bars=0)
    desk.services.player.record()
    roll = desk.window.timeline.roll
    desk.engine.move_playhead(480.0)
    desk.engine.say(KEY_DOWN)
    desk.engine.move_playhead(960.0)
    short_px = drawn_px(roll)
    desk.engine.move_playhead(1440.0)
    assert drawn_px(roll) > short_px > 10
    desk.engine.say(KEY_UP)
    take = Take((RawEvent(0, NOTE_ON, 60, 90), RawEvent(1, NOTE_OFF, 60)), "V49", (480.0, 1440.0))
    desk.engine.hand_over(take)
    assert list(roll._played) == []


def test_without_recording_nothing_is_drawn(desk: Desk) -> None:
    desk.services.player.play()
    desk.engine.move_playhead(480.0)
    desk.engine.say(KEY_DOWN)
    assert list(desk.window.timeline.roll._played) == []


def test_the_time_line_grows_while_recording(desk: Desk) -> None:
    desk.services.sessions.start_new()
    desk.services.player.record()
    axis = desk.window.timeline.axis
    assert axis.length_ticks == 4 * 1920
    desk.engine.move_playhead(4 * 1920 + 10.0)
    assert axis.length_ticks == 8 * 1920
    desk.services.player.stop()
    assert axis.length_ticks == 4 * 1920


def test_an_empty_roll_says_nothing_while_recording(desk: Desk) -> None:
    desk.services.sessions.start_new()
    button = desk.window.timeline.roll._empty.demo_button
    assert button.isVisible()
    desk.services.player.record()
    assert not button.isVisible()
    desk.services.player.stop()
    assert button.isVisible()
