"""Choosing and editing notes of the phrase and of a solo."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.app.document import Document
from musicassist.app.drawn_notes import PRIMER, SOLO, NoteRef
from musicassist.app.note_editor import NoteEditor
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session, Timing
from musicassist.music.solo import Solo
from musicassist.music.take import Take
from musicassist.storage.session_file import decode_session, encode_session

BAR = 1920
PHRASE = Clip((Note(0, 240, 60, 80), Note(480, 240, 64, 90), Note(960, 480, 67, 100)), BAR)
ANSWER = Clip((Note(0, 480, 72, 70), Note(960, 480, 71, 60)), BAR)


@pytest.fixture
def document() -> Document:
    session = Session(primer=PHRASE, primer_take=Take())
    return Document(session.with_new_solos((Solo(ANSWER, "echo", 1, PHRASE),)))


@pytest.fixture
def editor(document: Document) -> NoteEditor:
    return NoteEditor(document)


def primer(*indices: int) -> list[NoteRef]:
    return [NoteRef(PRIMER, index) for index in indices]


def solo(*indices: int) -> list[NoteRef]:
    return [NoteRef(SOLO, index) for index in indices]


def onsets(clip: Clip | None) -> list[int]:
    assert clip is not None
    return [note.onset_ticks for note in clip.notes]


def pitches(clip: Clip | None) -> list[int]:
    assert clip is not None
    return [note.pitch for note in clip.notes]


def test_everything_a_pitch_and_bars_can_be_chosen(editor: NoteEditor) -> None:
    editor.select_all()
    assert editor.n_selected == 5
    editor.select_pitch(64)
    assert editor.selection == set(primer(1))
    editor.select_bars(1, 1)
    assert editor.selection == set(solo(0, 1))
    editor.clear_selection()
    assert not editor.selection


def test_choosing_the_same_again_says_nothing(editor: NoteEditor) -> None:
    told = []
    editor.selection_changed.connect(lambda: told.append(1))
    editor.select(primer(0))
    editor.select(primer(0))
    assert told == [1]


def test_a_move_is_one_named_step_and_the_choice_follows(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0))
    editor.move(1200, 2)
    assert onsets(document.session.primer) == [480, 960, 1200]
    assert pitches(document.session.primer) == [64, 67, 62]
    assert editor.selection == set(primer(2))
    assert document.undo_name == "Move 1 note"


def test_undo_and_redo_bring_notes_and_choice_back(editor: NoteEditor, document: Document) -> None:
    before = document.session
    editor.select(primer(0))
    editor.move(1200, 0)
    document.undo()
    assert document.session == before
    assert editor.selection == set(primer(0))
    document.redo()
    assert editor.selection == set(primer(2))


def test_all_of_a_drag_is_one_step_and_starts_from_where_it_was_held(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0))
    editor.hold()
    editor.move(480, 4)  # onto another note
    assert len(document.session.primer.notes) == 2  # type: ignore[union-attr]
    editor.move(240, 4)
    assert onsets(document.session.primer) == [240, 480, 960]
    editor.let_go()
    document.undo()
    assert document.session.primer == PHRASE
    assert document.undo_name == ""


@pytest.mark.parametrize("refs", [primer(0), solo(0), primer(1) + solo(1)])
def test_a_drag_given_up_was_never_there(
    editor: NoteEditor, document: Document, refs: list[NoteRef]
) -> None:
    before = document.session
    editor.select(refs)
    editor.hold()
    editor.move(30, 1)
    assert document.session != before
    editor.give_up()
    assert document.session == before
    assert document.undo_name == ""
    assert editor.selection == set(refs)


def test_a_drag_ends_where_something_else_changes_the_notes(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0))
    editor.hold()
    editor.move(30, 0)
    document.change_primer(Clip((), BAR), "Clear")
    editor.move(60, 0)
    assert document.session.primer == Clip((), BAR)


def test_what_else_changes_during_a_drag_stays(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0))
    editor.hold()
    editor.move(30, 0)
    document.set_tempo(90)
    editor.move(60, 0)
    assert document.session.timebase.tempos[0].bpm == pytest.approx(90)
    assert onsets(document.session.primer)[0] == 60


def test_notes_of_both_parts_move_together_as_far_as_the_narrower_has_room(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(2) + solo(0))
    editor.move(-5000, 0)
    assert onsets(document.session.primer) == [0, 480, 960]
    editor.move(10_000, 0)
    assert onsets(document.session.primer) == [0, 480, 1919]
    assert onsets(document.session.solos[0].solo.clip) == [959, 960]


def test_a_solo_keeps_what_the_machine_made(editor: NoteEditor, document: Document) -> None:
    editor.select(solo(0))
    editor.transpose(12)
    editor.nudge(10)
    edited = document.session.selected_solo
    assert edited is not None
    assert edited.is_edited
    assert edited.made_clip == ANSWER
    editor.restore_solo()
    restored = document.session.selected_solo
    assert restored is not None
    assert not restored.is_edited
    assert restored.solo.clip == ANSWER
    assert document.undo_name == "Restore Solo 1 as it was made"


def test_a_phrase_edited_by_hand_is_no_longer_read_from_its_take(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0))
    editor.nudge(1)
    assert document.session.primer_take is None


def test_a_drawn_note_goes_into_what_stands_there(editor: NoteEditor, document: Document) -> None:
    editor.draw(240, 50, 120)
    assert 50 in pitches(document.session.primer)
    editor.draw(BAR + 480, 51, 120)
    answer = document.session.solos[0].solo.clip
    assert Note(480, 120, 51, 90) in answer.notes
    assert editor.selection == set(solo(answer.notes.index(Note(480, 120, 51, 90))))


def test_nothing_is_drawn_after_the_solo(editor: NoteEditor, document: Document) -> None:
    told: list[str] = []
    editor.told.connect(told.append)
    before = document.session
    editor.draw(3 * BAR, 60, 120)
    assert document.session == before
    assert told == ["The solo ends here."]


def test_drawing_begins_a_phrase_and_lets_it_grow_by_bars() -> None:
    document = Document(Session())
    editor = NoteEditor(document)
    editor.draw(480, 60, 240)
    assert document.session.primer == Clip((Note(480, 240, 60, 90),), BAR, name="Phrase")
    editor.draw(BAR * 2, 62, 240)
    assert document.session.primer is not None
    assert document.session.primer.length_ticks == 3 * BAR


def test_chosen_notes_or_named_ones_are_erased(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0, 2))
    assert editor.erase() == 2
    assert onsets(document.session.primer) == [480]
    assert not editor.selection
    editor.erase(solo(1))
    assert onsets(document.session.solos[0].solo.clip) == [0]
    document.undo()
    document.undo()
    assert editor.selection == set(primer(0, 2))


def test_notes_are_split_at_a_place_or_in_the_middle(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(2) + solo(0))
    editor.split(BAR + 120)
    assert onsets(document.session.solos[0].solo.clip) == [0, 120, 960]
    assert onsets(document.session.primer) == [0, 480, 960]
    editor.select(primer(2))
    editor.split()
    assert onsets(document.session.primer) == [0, 480, 960, 1200]
    assert editor.n_selected == 2
    editor.join()
    assert document.session.primer == PHRASE


def test_notes_of_different_pitches_are_not_joined(editor: NoteEditor, document: Document) -> None:
    told: list[str] = []
    editor.told.connect(told.append)
    editor.select_all()
    editor.join()
    assert document.undo_name == ""
    assert told


def test_duplicates_follow_on_the_grid(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0))
    editor.duplicate()
    assert onsets(document.session.primer) == [0, 240, 480, 960]
    assert editor.selection == set(primer(1))


def test_copies_are_pasted_where_they_are_wanted_and_across_the_border(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0, 1))
    editor.copy()
    editor.paste(BAR - 480)
    assert onsets(document.session.primer) == [0, 480, 960, 1440]
    assert pitches(document.session.solos[0].solo.clip) == [64, 72, 71]
    assert editor.n_selected == 2
    editor.cut()
    assert document.session.primer == PHRASE
    assert document.session.solos[0].solo.clip == ANSWER


def test_what_does_not_fit_is_left_out_and_said(editor: NoteEditor, document: Document) -> None:
    told: list[str] = []
    editor.told.connect(told.append)
    editor.paste(0)
    editor.select(primer(0, 1))
    editor.copy()
    editor.paste(2 * BAR - 240)
    assert len(document.session.solos[0].solo.clip.notes) == 3
    editor.paste(2 * BAR)
    assert told == [
        "Nothing has been copied yet.",
        "1 note would start after the end: left out.",
        "There is no room for them here.",
    ]


def test_velocities_are_set_and_nudged_within_their_range(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(primer(0, 2))
    editor.nudge_velocity(40)
    assert [note.velocity for note in document.session.primer.notes] == [120, 90, 127]  # type: ignore[union-attr]
    editor.set_velocities({NoteRef(PRIMER, 1): 0})
    assert document.session.primer.notes[1].velocity == 1  # type: ignore[union-attr]
    assert editor.selection == set(primer(0, 2))
    assert document.undo_name == "Change the velocity of 1 note"


def test_chosen_notes_are_quantized_for_good(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0, 1))
    editor.nudge(37)
    editor.select(primer(0))
    editor.quantize_selection()
    assert onsets(document.session.primer) == [0, 517, 960]


def test_a_pickup_is_quantized_to_the_lines_of_its_bars() -> None:
    clip = Clip((Note(70, 100, 60), Note(170, 100, 62)), 100 + BAR)
    numbered = Session(primer=PHRASE).with_new_solos((Solo(clip, "echo", 1, PHRASE, {}, 100),))
    document = Document(numbered)
    editor = NoteEditor(document)
    editor.select_all()
    editor.quantize_selection()
    assert onsets(document.session.solos[0].solo.clip) == [100, 220]


def test_drawn_notes_are_found_though_the_grid_draws_them_elsewhere(document: Document) -> None:
    raw = Clip((Note(10, 50, 60), Note(20, 200, 60), Note(130, 50, 62)), BAR)
    document.change_primer(raw, "Other")
    document.select_solo(None)
    document.change_timing(strength=1.0)
    editor = NoteEditor(document)
    assert [each.ref.index for each in editor.drawn_notes()] == [1, 2]
    drawn = editor.drawn(NoteRef(PRIMER, 2))
    assert drawn is not None
    assert drawn.onset_ticks == 120
    assert editor.drawn(NoteRef(PRIMER, 0)) is None
    editor.select([drawn.ref])
    editor.move(120, 0)
    moved = document.session.primer
    assert moved is not None
    assert moved.notes[2].onset_ticks == 250


def test_notes_of_a_pickup_without_a_phrase_before_it_are_not_drawn() -> None:
    clip = Clip((Note(0, 100, 60), Note(240, 100, 62)), 240 + BAR)
    session = replace(Session(), timing=Timing())
    document = Document(session.with_new_solos((Solo(clip, "echo", 1, PHRASE, {}, 240),)))
    editor = NoteEditor(document)
    (drawn,) = editor.drawn_notes()
    assert (drawn.ref.index, drawn.onset_ticks) == (1, 0)
    editor.draw(480, 70, 60)
    assert Note(720, 60, 70, 90) in document.session.solos[0].solo.clip.notes


def test_keys_held_down_make_one_step(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0))
    editor.repeat("Right")
    for _ in range(3):
        editor.move(10, 0)
    editor.repeat("")
    document.undo()
    assert document.session.primer == PHRASE


def test_choosing_another_solo_lets_its_notes_go(editor: NoteEditor, document: Document) -> None:
    editor.select(primer(0) + solo(0))
    document.select_solo(None)
    assert editor.selection == set(primer(0))


def test_neighbours_are_chosen_across_the_border(editor: NoteEditor) -> None:
    editor.select_neighbour(1, 100)
    assert editor.selection == set(primer(1))
    editor.select_neighbour(1, 0)
    editor.select_neighbour(1, 0, is_adding=True)
    assert editor.selection == set(primer(2) + solo(0))
    editor.select_neighbour(-1, 0)
    assert editor.selection == set(primer(1))
    editor.select(solo(1))
    editor.select_neighbour(1, 0)
    assert editor.selection == set(solo(1))


def test_an_edited_solo_is_saved_with_what_the_machine_made(
    editor: NoteEditor, document: Document
) -> None:
    editor.select(solo(0))
    editor.transpose(1)
    content = encode_session(document.session)
    read = decode_session(content, zlib.crc32(content))
    assert read == document.session
    assert read is not None
    assert read.solos[0].made_clip == ANSWER


INTENTS: tuple[Callable[[NoteEditor, int], object], ...] = (
    lambda editor, d: editor.move(d * 37, d),
    lambda editor, d: editor.move(d * 37, d, copy=True),
    lambda editor, d: editor.stretch(d * 31),
    lambda editor, d: editor.stretch_start(d * 31),
    lambda editor, d: editor.set_length(abs(d) + 1),
    lambda editor, d: editor.nudge(d),
    lambda editor, d: editor.transpose(d),
    lambda editor, d: editor.nudge_velocity(d),
    lambda editor, d: editor.draw(abs(d) * 50, 60 + d, 100),
    lambda editor, _d: editor.erase(),
    lambda editor, d: editor.split(abs(d) * 60),
    lambda editor, _d: editor.split(),
    lambda editor, _d: editor.join(),
    lambda editor, _d: editor.duplicate(),
    lambda editor, _d: editor.quantize_selection(),
    lambda editor, _d: editor.cut(),
    lambda editor, _d: editor.copy(),
    lambda editor, d: editor.paste(abs(d) * 70),
    lambda editor, _d: editor.select_all(),
    lambda editor, d: editor.select_bars(abs(d) % 2, 1),
)


@given(st.lists(st.tuples(st.sampled_from(INTENTS), st.integers(-50, 50)), max_size=12))
def test_undo_gives_back_exactly_what_was_and_redo_what_became_of_it(
    intents: list[tuple[Callable[[NoteEditor, int], object], int]],
) -> None:
    session = Session(primer=PHRASE, primer_take=Take())
    document = Document(session.with_new_solos((Solo(ANSWER, "echo", 1, PHRASE),)))
    editor = NoteEditor(document)
    states = [document.session]
    editor.select_all()
    for intent, d in intents:
        before = document.session
        intent(editor, d)
        if document.session != before:
            states.append(document.session)
    after = document.session
    for state in reversed(states[:-1]):
        document.undo()
        assert document.session == state
        drawn = {each.ref for each in editor.drawn_notes()}
        assert editor.selection <= drawn
    assert document.undo_name == ""
    while document.redo_name:
        document.redo()
    assert document.session == after


def test_an_edit_that_changes_nothing_is_no_step_and_keeps_the_performance(
    document: Document, editor: NoteEditor
) -> None:
    before = document.session
    assert before.primer_take is not None
    editor.select(primer(0))
    editor.nudge(-10)  # it starts at 0: there is no room
    editor.set_length(240)
    editor.quantize_selection()
    editor.set_velocities({NoteRef(PRIMER, 0): 80})
    assert document.session is before
    assert not document.undo_names or "Nudge" not in document.undo_name
