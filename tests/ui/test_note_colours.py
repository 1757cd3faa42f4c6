"""Colours of notes, by who played them and by what they are over their chords."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from musicassist.app.arrangement import Arrangement
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.music.timebase import Timebase
from musicassist.ui.note_colours import FUNCTION_TOKENS, NoteColours, legend
from musicassist.ui.theme import DARK, LIGHT, Theme, mix
from tests.ui.colour_vision import VISIONS, delta_e
from tests.ui.test_theme import VISIBLE, contrast

THEMES = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]
CLEARLY_APART = 25.0  # in CIE 1976; about 2 is just seen side by side
CHORDS = parse_progression("Fm | C7", Timebase())
KEY = Key.parse("Fm")
F, G, E = (Note(0, 240, pitch) for pitch in (65, 67, 64))


@pytest.fixture
def colours() -> NoteColours:
    made = NoteColours()
    made.is_by_function = True
    made.show_session(Session(key=KEY), Arrangement(progression=CHORDS))
    return made


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_every_colour_vision_tells_the_functions_apart(theme: Theme, vision: str) -> None:
    for first, second in combinations(FUNCTION_TOKENS, 2):
        told = delta_e(getattr(theme, first), getattr(theme, second), vision)
        assert told >= CLEARLY_APART, (first, second)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_every_colour_vision_tells_person_and_machine_apart(theme: Theme, vision: str) -> None:
    assert delta_e(theme.person, theme.machine, vision) >= CLEARLY_APART


def test_the_simulation_takes_away_what_it_should() -> None:
    red, green = "#d04030", "#608a28"
    assert delta_e(red, green, "full") > 60
    assert delta_e(red, green, "deuteranopia") < 35
    assert delta_e("#ffffff", "#000000", "protanopia") == pytest.approx(100, abs=0.5)
    assert delta_e("#808080", "#808080", "tritanopia") == 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", FUNCTION_TOKENS)
@pytest.mark.parametrize("ground", ["row_in_key", "row_tonic", "row_outside", "panel"])
def test_functions_are_seen_on_every_row(theme: Theme, token: str, ground: str) -> None:
    assert contrast(getattr(theme, token), getattr(theme, ground)) >= VISIBLE


def test_by_who_played_is_the_way_it_starts() -> None:
    colours = NoteColours()
    assert colours.token_of(F, 0, "primer") == "person"
    assert colours.token_of(F, 0, "solo") == "machine"


def test_functions_follow_the_chord_where_the_note_sounds(colours: NoteColours) -> None:
    told = [colours.token_of(note, 0, "solo") for note in (F, G, E)]
    assert told == ["chord_tone", "scale_tone", "outside_tone"]
    assert colours.token_of(E, 1920, "solo") == "chord_tone"  # the clip starts over C7
    assert colours.function_name_of(E, 0) == "outside"


def test_another_key_or_progression_gives_other_functions(colours: NoteColours) -> None:
    colours.show_session(Session(key=Key.parse("E")), Arrangement(progression=CHORDS))
    assert colours.token_of(E, 0, "solo") == "scale_tone"
    colours.show_session(Session(key=Key.parse("E")), Arrangement())
    assert colours.token_of(F, 0, "solo") == "outside_tone"


def test_soft_notes_are_dimmer_and_another_theme_brings_its_own(colours: NoteColours) -> None:
    loud = colours.brush_of(replace(F, velocity=127), 0, "solo").color()
    soft = colours.brush_of(replace(F, velocity=1), 0, "solo").color()
    assert loud == QColor(DARK.chord_tone)
    assert contrast(loud, DARK.row_outside) > contrast(soft, DARK.row_outside) > VISIBLE
    colours.show_theme(LIGHT)
    assert colours.brush_of(replace(F, velocity=127), 0, "solo").color() == QColor(LIGHT.chord_tone)


def test_one_colour_is_worked_out_once(colours: NoteColours) -> None:
    assert colours.brush_of(F, 0, "solo") is colours.brush_of(F, 0, "primer")


def test_by_function_the_phrase_is_hollow_and_the_solo_full(colours: NoteColours) -> None:
    note = replace(F, velocity=127)
    hollow, full = (middle_of(colours, note, part) for part in ("primer", "solo"))
    assert full == QColor(DARK.chord_tone)
    assert hollow.name() == mix(DARK.row_outside, DARK.chord_tone, 0.4).name()


def test_the_legend_names_every_function() -> None:
    assert legend(DARK)[2] == ("outside", QColor(DARK.outside_tone))
    assert len({colour.name() for _, colour in legend(LIGHT)}) == 3


def middle_of(colours: NoteColours, note: Note, part: str) -> QColor:
    """Draw a note and return the colour of its inside."""
    image = QImage(40, 16, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.row_outside))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    colours.draw(painter, QRectF(2, 2, 36, 12), note, 0, part)  # type: ignore[arg-type]
    painter.end()
    return image.pixelColor(20, 8)
