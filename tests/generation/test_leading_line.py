"""The melody among many notes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.leading_line import leading_line, struck_together, texture_of
from musicassist.music.clip import Clip
from musicassist.music.note import Note

BAR = 1920
MELODY = ((0, 76), (480, 77), (960, 79), (1440, 76), (1920, 74), (2880, 72))

any_notes = st.lists(
    st.builds(
        Note, st.integers(0, 4000), st.integers(1, 3000), st.integers(0, 127), channel=st.just(0)
    ),
    max_size=40,
)


def melody() -> list[Note]:
    ends = [onset for onset, _ in MELODY[1:]] + [2 * BAR]
    return [Note(at, end - at, pitch) for (at, pitch), end in zip(MELODY, ends, strict=True)]


def pitches(notes: tuple[Note, ...]) -> list[int]:
    return [note.pitch for note in notes]


def line_over(accompaniment: list[Note]) -> list[int]:
    return pitches(leading_line(Clip((*melody(), *accompaniment), 2 * BAR)))


@given(any_notes)
def test_a_line_is_monophonic_and_made_of_notes_that_were_played(notes: list[Note]) -> None:
    line = leading_line(Clip(tuple(notes), 4001))
    assert bool(line) == bool(notes)
    played = {(note.onset_ticks, note.pitch) for note in notes}
    assert all((note.onset_ticks, note.pitch) in played for note in line)
    for note, later in pairwise(line):
        assert note.onset_ticks < later.onset_ticks
        assert note.end_ticks <= later.onset_ticks


@given(any_notes)
def test_line_and_rest_are_all_notes(notes: list[Note]) -> None:
    texture = texture_of(Clip(tuple(notes), 4001))
    assert len(texture.line) + len(texture.rest) == len(notes)


@given(st.lists(st.integers(0, 127), min_size=1, max_size=40), st.integers(60, 600))
def test_a_single_line_leads_whole_however_it_is_held(found: list[int], duration: int) -> None:
    notes = tuple(Note(240 * at, duration, pitch) for at, pitch in enumerate(found))
    assert pitches(leading_line(Clip(notes, 240 * len(found)))) == found


@given(any_notes, st.integers(-12, 12))
def test_a_transposed_phrase_has_the_transposed_line(notes: list[Note], semitones: int) -> None:
    notes = [note for note in notes if 12 <= note.pitch <= 115]
    moved = [Note(note.onset_ticks, note.duration_ticks, note.pitch + semitones) for note in notes]
    expected = [pitch + semitones for pitch in pitches(leading_line(Clip(tuple(notes), 4001)))]
    assert pitches(leading_line(Clip(tuple(moved), 4001))) == expected


def test_the_highest_of_notes_struck_together_leads() -> None:
    assert line_over([Note(at + 12, 400, pitch - 5) for at, pitch in MELODY]) == pitches(
        tuple(melody())
    )


def test_a_melody_in_octaves_is_its_upper_voice() -> None:
    assert line_over([Note(at, 400, pitch - 12) for at, pitch in MELODY]) == pitches(
        tuple(melody())
    )


def test_a_broken_chord_under_a_held_melody_does_not_lead() -> None:
    broken = [Note(240 * at, 240, (48, 55, 52, 55)[at % 4]) for at in range(16)]
    assert line_over(broken) == pitches(tuple(melody()))


def test_a_held_pad_under_a_melody_that_starts_later_does_not_lead() -> None:
    pad = [Note(0, 2 * BAR, pitch) for pitch in (48, 55, 60, 64)]
    late = tuple(note for note in melody() if note.onset_ticks > 0)
    line = leading_line(Clip((*pad, *late), 2 * BAR))
    assert pitches(line) == pitches(late)


def test_accompaniment_goes_on_in_its_register_while_the_melody_rests() -> None:
    chords = [Note(480 * at, 400, pitch) for at in range(8) for pitch in (48, 52, 55)]
    sung = [note for note in melody() if note.onset_ticks < 1440]
    assert pitches(leading_line(Clip((*chords, *sung), 2 * BAR))) == pitches(tuple(sung))


def test_chords_alone_lead_with_their_top_notes() -> None:
    chords = [
        Note(BAR * at, BAR, pitch)
        for at, chord in enumerate([(48, 64, 67, 72), (45, 60, 64, 69), (50, 62, 65, 69)])
        for pitch in chord
    ]
    assert pitches(leading_line(Clip(tuple(chords), 3 * BAR))) == [72, 69, 69]


def test_a_strummed_chord_is_one_group_and_a_run_is_not() -> None:
    strummed = [Note(20 * at, 900, 40 + 5 * at) for at in range(5)]
    assert len(struck_together(strummed)) == 1
    run = [Note(40 * at, 40, 60 + at) for at in range(12)]
    assert len(struck_together(run)) == 12


def test_notes_struck_at_the_very_same_time_are_one_group_however_short() -> None:
    chord = [Note(1, 480, 60), Note(28, 100, 66), Note(38, 10, 76), Note(38, 480, 89)]
    assert len(struck_together(chord)) == 1
    assert pitches(leading_line(Clip(tuple(chord), BAR))) == [89]


def test_a_line_of_five_hundred_notes_in_one_place_is_one_note() -> None:
    notes = tuple(Note(0, 10 + at, at % 128) for at in range(512))
    assert pitches(leading_line(Clip(notes, BAR))) == [127]
