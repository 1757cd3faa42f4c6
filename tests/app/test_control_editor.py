"""Steps that change wheels and pedals."""

from dataclasses import replace

import pytest

from musicassist.app.control_editor import ControlEditor
from musicassist.app.document import Document
from musicassist.app.note_editor import NoteEditor
from musicassist.music.clip import Clip
from musicassist.music.control_edits import Stroke, controllers_of, points_of
from musicassist.music.note import MOD_WHEEL, PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.session import NumberedSolo, Session
from musicassist.music.solo import Solo

BAR = 1920
PHRASE = Clip((Note(0, 480, 60),), 2 * BAR)
ANSWER = Solo(Clip((Note(0, 480, 65),), BAR + 240), "model", 1, PHRASE, pickup_ticks=240)


@pytest.fixture
def document() -> Document:
    return Document(Session(primer=PHRASE, solos=(NumberedSolo(1, ANSWER),), selected_number=1))


@pytest.fixture
def editor(document: Document) -> ControlEditor:
    notes = NoteEditor(document)
    editor = ControlEditor(document, notes)
    editor.notes_kept = notes  # type: ignore[attr-defined]
    return editor


def test_drawing_in_the_phrase_is_one_named_step(document: Document, editor: ControlEditor) -> None:
    editor.draw("primer", MOD_WHEEL, Stroke([(0, 0), (480, 100)]))
    assert document.undo_name == "Draw mod wheel"
    assert controllers_of(document.session.primer) == {MOD_WHEEL}
    document.undo()
    assert document.session.primer == PHRASE


def test_drawing_in_the_solo_keeps_what_the_machine_made(
    document: Document, editor: ControlEditor
) -> None:
    editor.draw("solo", PITCH_BEND, Stroke([(0, 16_000)]))
    (numbered,) = document.session.solos
    assert controllers_of(numbered.solo.clip) == {PITCH_BEND}
    assert numbered.is_edited
    assert numbered.as_made.solo == ANSWER
    assert document.session.primer == PHRASE
    assert editor.parts[1].raw_start_ticks == 2 * BAR - 240


def test_moving_one_point_again_and_again_is_one_step(
    document: Document, editor: ControlEditor
) -> None:
    for value in (10, 20, 30):
        editor.set_point("primer", MOD_WHEEL, 480, value)
    assert [p.value for p in points_of(document.session.primer, MOD_WHEEL)] == [30]
    document.undo()
    assert document.session.primer == PHRASE
    assert document.undo_name == ""


def test_erasing_takes_a_stretch(document: Document, editor: ControlEditor) -> None:
    editor.set_point("primer", MOD_WHEEL, 480, 10)
    editor.set_point("primer", MOD_WHEEL, 960, 20)
    editor.erase("primer", MOD_WHEEL, 900, 1000)
    assert [p.onset_ticks for p in points_of(document.session.primer, MOD_WHEEL)] == [480]
    assert document.undo_name == "Erase mod wheel"


def test_clearing_takes_phrase_and_solo_in_one_step(
    document: Document, editor: ControlEditor
) -> None:
    for part in ("primer", "solo"):
        editor.draw(part, SUSTAIN, Stroke([(0, 127), (480, 127)], 240))
    before = document.session
    editor.clear(SUSTAIN)
    assert document.undo_name == "Clear sustain"
    assert not controllers_of(document.session.primer)
    assert not controllers_of(document.session.solos[0].solo.clip)
    document.undo()
    assert document.session == before


@pytest.mark.parametrize("part", ["primer", "solo"])
def test_what_changes_nothing_is_no_step(part: str, document: Document, editor: ControlEditor):
    editor.clear(MOD_WHEEL)
    editor.erase(part, MOD_WHEEL, 0, 480)
    editor.draw(part, MOD_WHEEL, Stroke([(99_999, 5)]))
    assert document.undo_name == ""


def test_a_part_that_is_not_there_is_not_edited(document: Document, editor: ControlEditor) -> None:
    document.do("Empty", replace(document.session, primer=None, selected_number=None))
    for part in ("primer", "solo"):
        editor.draw(part, MOD_WHEEL, Stroke([(0, 5)]))
    assert document.undo_name == "Empty"


def test_an_edited_phrase_is_no_longer_what_was_played(
    document: Document, editor: ControlEditor
) -> None:
    editor.set_point("primer", MOD_WHEEL, 0, 5)
    assert document.session.primer_take is None
    assert document.session.primer is not None
    assert document.session.primer.controls == (ControlPoint(0, MOD_WHEEL, 5),)
