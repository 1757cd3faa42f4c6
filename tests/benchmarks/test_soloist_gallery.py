"""The gallery's phrases are what they are called, and its pictures show what is marked."""

import pytest
from gallery import marked_notes, silent_ticks
from picture import WIDTH, Roll, draw_sheet, write_png
from primers import PRIMERS, Primer

from musicassist.evaluation.motifs import motifs
from musicassist.generation.encoding import line_from_ticks
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

BAR = 4 * TICKS_PER_BEAT
TUNE = (60, 62, 64, 67)


def clip_of(pitches: tuple[int, ...]) -> Clip:
    notes = [Note(i * TICKS_PER_BEAT, TICKS_PER_BEAT, pitch) for i, pitch in enumerate(pitches)]
    return Clip(tuple(notes), len(notes) * TICKS_PER_BEAT)


@pytest.mark.parametrize("primer", PRIMERS, ids=lambda primer: primer.name)
def test_a_phrase_fills_whole_bars_and_its_chords_and_key_are_understood(primer: Primer) -> None:
    clip = primer.clip
    bar_ticks = primer.timebase.bar_start_ticks(1)
    assert clip.length_ticks % bar_ticks == 0
    assert clip.notes[-1].end_ticks > clip.length_ticks - bar_ticks
    assert (primer.progression is None) == (not primer.chords)
    assert (primer.wished_key is None) == (not primer.key)


def test_a_phrase_is_played_the_same_every_time() -> None:
    assert [primer.clip for primer in PRIMERS] == [primer.clip for primer in PRIMERS]


def test_a_motif_is_marked_in_another_key_and_other_notes_are_not() -> None:
    primer = clip_of(TUNE)
    answer = clip_of((72, *(pitch + 5 for pitch in TUNE), 60))
    lines = [
        line_from_ticks(
            [note.onset_ticks for note in clip.notes],
            [note.duration_ticks for note in clip.notes],
            [note.pitch for note in clip.notes],
        )
        for clip in (primer, answer)
    ]
    wanted = {motif for motif in motifs(lines[0], with_rhythm=False) if len(motif) == 3}
    assert marked_notes(lines[1], wanted) == [False, True, True, True, True, False]


def test_silence_is_what_no_note_covers() -> None:
    notes = (Note(0, BAR // 2, 60), Note(BAR // 4, BAR // 8, 64), Note(BAR, BAR // 2, 60))
    assert silent_ticks(Clip(notes, 2 * BAR)) == BAR


@pytest.mark.usefixtures("qapp")
def test_a_sheet_shows_played_answered_and_returning_notes_in_a_small_file(tmp_path) -> None:
    roll = Roll("somebody", "", clip_of(TUNE), clip_of(TUNE), BAR, Timebase.steady(120))
    plain = draw_sheet("A tune", "", [roll])
    returning = Roll(
        "somebody", "", roll.primer, roll.answer, BAR, roll.timebase, None, (True,) * len(TUNE)
    )
    marked = draw_sheet("A tune", "", [returning])
    assert plain.width() == marked.width() == WIDTH
    assert plain != marked
    write_png(plain, tmp_path / "tune.png")
    assert (tmp_path / "tune.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "tune.png").stat().st_size < 30_000
