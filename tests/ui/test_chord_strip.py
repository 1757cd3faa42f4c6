"""Typing chords."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from musicassist.ui.chord_strip import shown_chord
from tests.ui.conftest import Desk


def test_chords_typed_are_taken(desk: Desk) -> None:
    strip = desk.window.timeline.chords
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton)
    assert strip.field.text() == "Fm | Db | Eb7 | C7"
    strip.field.clear()
    QTest.keyClicks(strip.field, "Am | F | C | G")
    QTest.keyClick(strip.field, Qt.Key.Key_Return)
    assert desk.services.document.session.progression_text == "Am | F | C | G"
    assert not strip.field.isVisible()


def test_a_chord_nobody_understands_is_named_beside_the_field(desk: Desk) -> None:
    strip = desk.window.timeline.chords
    before = desk.services.document.session
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    strip.field.setText("Fm | Hullabaloo")
    QTest.keyClick(strip.field, Qt.Key.Key_Return)
    assert strip.field.isVisible()
    assert strip.problem.isVisible()
    assert "Hullabaloo" in strip.problem.whole_text
    assert desk.services.document.session is before
    QTest.keyClicks(strip.field, "x")
    assert not strip.problem.isVisible()
    QTest.keyClick(strip.field, Qt.Key.Key_Escape)
    assert not strip.field.isVisible()
    assert desk.services.document.session is before


def test_space_in_the_field_is_a_space(desk: Desk) -> None:
    strip = desk.window.timeline.chords
    strip.edit()
    strip.field.clear()
    QTest.keyClick(strip.field, Qt.Key.Key_Space)
    assert strip.field.text() == " "
    assert not desk.services.player.is_playing
    strip.field.setText("Fm")
    QTest.keyClick(strip.field, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Eb7", "E♭7"), ("Gm7b5", "Gm7♭5"), ("F#m", "F♯m"), ("Bbm", "B♭m"), ("C7b9", "C7♭9")],
)
def test_flats_and_sharps_are_real_signs(typed: str, shown: str) -> None:
    assert shown_chord(typed) == shown
