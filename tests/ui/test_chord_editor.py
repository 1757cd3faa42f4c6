"""The chords of the key to choose from, and whole progressions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from musicassist.engine.protocol import KeyMoved, PressKey
from musicassist.ui.chord_editor import ChordEditor
from musicassist.ui.chord_palette import ChordButton
from musicassist.ui.chord_strip import ChordStrip
from musicassist.ui.hints import hint_name_of
from musicassist.ui.theme import DARK, LIGHT
from tests.ui.conftest import Desk

BAR = 1920
KEY = Qt.Key


@pytest.fixture
def strip(desk: Desk) -> ChordStrip:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    return desk.window.timeline.chords


@pytest.fixture
def editor(desk: Desk, strip: ChordStrip) -> Iterator[ChordEditor]:
    strip.select((BAR, 2 * BAR))
    strip.setFocus()
    QTest.keyClick(strip, KEY.Key_Down)
    found = desk.window.findChild(ChordEditor)
    assert found is not None
    assert found.isVisible()
    yield found
    found.close_editor()


def button(editor: ChordEditor, name: str) -> ChordButton:
    found = editor.findChild(ChordButton, f"palette_chord_{name}")
    assert found is not None
    return found


def text(desk: Desk) -> str:
    return desk.services.document.session.progression_text


def test_nothing_of_it_is_made_before_it_is_wanted(desk: Desk) -> None:
    assert desk.window.findChild(ChordEditor) is None


def test_the_chords_of_the_key_are_offered_by_degree(editor: ChordEditor) -> None:
    names = [each.accessibleName() for each in editor.palette_page.buttons]
    assert names[:3] == ["Chord: F minor", "Chord: G diminished", "Chord: A flat"]
    assert editor.title.whole_text == "Bar 2 · D♭"
    assert editor.entry.line.text() == "Db"


def test_a_click_puts_a_chord_and_goes_on(desk: Desk, editor: ChordEditor) -> None:
    QTest.mouseClick(button(editor, "triad-3"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button(editor, "seventh-6"), Qt.MouseButton.LeftButton)
    assert text(desk) == "Fm | Bbm | Eb7 | C7"
    assert editor.title.whole_text == "Bar 4 · C7"
    assert editor.isVisible()
    recent = [each.accessibleName() for each in editor.palette_page.buttons][-2:]
    assert recent == ["Chord: E flat 7", "Chord: B flat minor"]


def test_a_chord_that_is_pointed_at_is_heard_unless_that_is_off(
    desk: Desk, editor: ChordEditor
) -> None:
    desk.engine.sent.clear()
    QTest.keyClick(editor.palette_page.first, KEY.Key_Tab)
    assert button(editor, "triad-1").hasFocus()
    pressed = [each for each in desk.engine.sent if isinstance(each, PressKey)]
    assert {each.pitch % 12 for each in pressed} == {7, 10, 1}
    assert not any(each.is_kept for each in pressed)
    QTest.mouseClick(editor.sounds, Qt.MouseButton.LeftButton)
    desk.engine.sent.clear()
    QTest.keyClick(button(editor, "triad-1"), KEY.Key_Tab)
    assert not [each for each in desk.engine.sent if isinstance(each, PressKey)]


def test_another_key_offers_other_chords(desk: Desk, editor: ChordEditor) -> None:
    from musicassist.music.keys import Key

    desk.services.document.set_key(Key.parse("D"))
    assert editor.palette_page.buttons[0].accessibleName() == "Chord: D"
    assert editor.palette_page.buttons[6].accessibleName() == "Chord: C sharp diminished"


def test_a_chord_is_typed_into_its_field(desk: Desk, editor: ChordEditor) -> None:
    line = editor.entry.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "H")
    QTest.keyClick(line, KEY.Key_Return)
    assert editor.entry.problem is not None
    assert editor.entry.problem.isVisible()
    assert line.text() == "H"
    line.selectAll()
    QTest.keyClicks(line, "Bbm9")
    QTest.keyClick(line, KEY.Key_Return)
    assert text(desk) == "Fm | Bbm9 | Eb7 | C7"
    assert not editor.entry.problem.isVisible()
    assert line.text() == "Eb7"


def test_chords_held_on_a_keyboard_are_named_and_put_in(desk: Desk, editor: ChordEditor) -> None:
    QTest.mouseClick(editor.play, Qt.MouseButton.LeftButton)
    for pitches in ((58, 61, 65, 68), (51, 55, 58, 61)):
        for pitch in pitches:
            desk.engine.say(KeyMoved(pitch, is_down=True, is_playback=False, source="V49"))
        assert "you hold" in editor.title.whole_text
        for pitch in pitches:
            desk.engine.say(KeyMoved(pitch, is_down=False, is_playback=False, source="V49"))
    assert text(desk) == "Fm | Bbm7 | Eb7 | C7"
    assert editor.title.whole_text == "Bar 4 · C7"
    editor.close_editor()
    assert not desk.services.chords.played.is_listening


def test_going_on_by_beats_is_chosen_here(strip: ChordStrip, editor: ChordEditor) -> None:
    QTest.mouseClick(editor.by["Beats"], Qt.MouseButton.LeftButton)
    assert strip.is_by_beat
    assert strip.selection == (BAR, BAR + 480)
    QTest.mouseClick(editor.by["Bars"], Qt.MouseButton.LeftButton)
    assert strip.selection == (BAR, 2 * BAR)


def test_a_progression_is_searched_and_used_for_all_or_for_a_part(
    desk: Desk, strip: ChordStrip, editor: ChordEditor
) -> None:
    QTest.mouseClick(editor.tabs["Progressions"], Qt.MouseButton.LeftButton)
    page = editor.presets
    QTest.keyClicks(page.search, "andalus")
    assert page.list.count() == 1
    assert "flamenco" in page.about.text()
    strip.select((2 * BAR, 4 * BAR))
    QTest.mouseClick(page.for_part, Qt.MouseButton.LeftButton)
    assert text(desk) == "Fm | Db | Fm | Eb"
    QTest.keyClick(page.search, KEY.Key_Return)
    assert text(desk) == "Fm | Eb | Db | C"
    assert desk.services.document.undo_name == "Use Andalusian"
    QTest.keyClicks(page.search, "xyz")
    assert not page.for_all.isEnabled()
    assert "search for something else" in page.for_all.toolTip()


def test_the_other_theme_reaches_it_while_it_is_open(desk: Desk, editor: ChordEditor) -> None:
    def darkest() -> int:
        image = editor.palette_page.first.grab().toImage()
        pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(12))
        return min(pixel.lightness() for pixel in pixels)

    desk.window.show_theme(LIGHT)
    assert darkest() < 60  # the chord's name
    desk.window.show_theme(DARK)


def test_escape_closes_it_and_silences_nothing(
    desk: Desk, strip: ChordStrip, editor: ChordEditor
) -> None:
    desk.services.player.play()
    QTest.keyClick(editor.palette_page.first, KEY.Key_Escape)
    assert not editor.isVisible()
    assert strip.hasFocus()
    assert desk.services.player.state.can_play
    assert not any(type(each).__name__ == "Panic" for each in desk.engine.sent)


def test_the_corner_of_the_track_opens_it(desk: Desk, strip: ChordStrip) -> None:
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    found = desk.window.findChild(ChordEditor)
    assert found is not None
    assert found.isVisible()
    assert strip.selection == (0, BAR)
    found.close_editor()


def test_type_all_chords_opens_the_line(strip: ChordStrip, editor: ChordEditor) -> None:
    QTest.mouseClick(editor.type_all, Qt.MouseButton.LeftButton)
    assert not editor.isVisible()
    assert strip.editor.isVisible()
    assert strip.editor.is_for_all
    QTest.keyClick(strip.editor.line, KEY.Key_Escape)


def test_chords_are_found_from_here(desk: Desk, editor: ChordEditor) -> None:
    with desk.qtbot.waitSignal(desk.services.document.session_changed, timeout=5_000):
        QTest.mouseClick(editor.search, Qt.MouseButton.LeftButton)
    assert desk.services.document.undo_name == "Find chords in the phrase"


@pytest.mark.parametrize("percent", [100, 200])
def test_it_stays_within_the_window_and_all_of_it_has_names(
    desk: Desk, editor: ChordEditor, percent: int
) -> None:
    desk.services.settings.change(text_percent=percent)
    for name in ("Palette", "Progressions"):
        editor.open(name)
        assert desk.window.rect().contains(editor.geometry())
        for widget in editor.findChildren(QWidget):
            if isinstance(widget, QAbstractButton) and hint_name_of(widget):
                assert widget.accessibleName()
                assert widget.toolTip()
        for each in editor.palette_page.buttons:
            assert each.height() >= each.sizeHint().height() or name != "Palette"
    desk.services.settings.change(text_percent=100)


def test_it_closes_with_the_session_and_keeps_what_is_typed_out_of_the_next(
    desk: Desk, editor: ChordEditor
) -> None:
    editor.entry.line.setFocus()
    QTest.keyClicks(editor.entry.line, "Am7")
    other = replace(desk.services.document.session, name="Other")
    desk.services.document.open(other)
    assert not editor.isVisible()
    desk.window.timeline.roll.setFocus()
    assert desk.services.document.session == other


def test_hidden_it_does_no_work(
    desk: Desk, editor: ChordEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.close_editor()
    shown: list[object] = []
    monkeypatch.setattr(editor.palette_page, "show_chords", lambda *what: shown.append(what))
    desk.services.document.set_tempo(91)
    assert shown == []
