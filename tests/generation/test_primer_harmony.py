"""Key and chords of a phrase, carried on under its answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.generation.harmony_tables import KINDS
from musicassist.generation.primer_harmony import harmony_of, key_over
from musicassist.generation.soloist import Harmony
from musicassist.music.chords import parse_chord, parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import MeterChange, Timebase

COMMON_TIME = Timebase.steady(120)
BAR = 1920

metres = st.sampled_from([(4, 4), (3, 4), (5, 4), (7, 8), (6, 8), (9, 8), (2, 2), (1, 16), (13, 8)])
played = st.lists(
    st.builds(Note, st.integers(0, 7000), st.integers(1, 2000), st.integers(20, 100)),
    min_size=1,
    max_size=30,
)


def line(*pitches: int | None, onset: int = 0, step: int = 240) -> list[Note]:
    """Return notes of even length one after another; None is a rest."""
    return [
        Note(onset + step * at, step, pitch)
        for at, pitch in enumerate(pitches)
        if pitch is not None
    ]


def harmony(
    notes: list[Note], n_bars: int, timebase: Timebase = COMMON_TIME, n_answered: int = 8
) -> Harmony:
    clip = Clip(tuple(notes), timebase.bar_start_ticks(n_bars))
    return harmony_of(clip, timebase, None, timebase.bar_start_ticks(n_bars + n_answered))


def bars(found: Harmony, timebase: Timebase = COMMON_TIME) -> list[str]:
    """Return the chord at the start of every bar."""
    n_bars = timebase.bar_at(found.progression.length_ticks)
    chords = (found.progression.chord_at(timebase.bar_start_ticks(bar)) for bar in range(n_bars))
    return ["" if chord is None else chord.text for chord in chords]


def arpeggio(root: int, third: int = 4, seventh: int = 12, *, bar: int) -> list[Note]:
    tones = (root, root + third, root + 7, root + seventh)
    return line(*tones, *reversed(tones), onset=bar * BAR)


ARPEGGIOS = [
    *arpeggio(60, bar=0),
    *arpeggio(65, bar=1),
    *arpeggio(67, seventh=10, bar=2),
    *arpeggio(60, bar=3),
]


@settings(max_examples=60)
@given(played, metres, st.integers(0, 9000), st.integers(0, 40_000))
def test_the_chords_cover_what_is_wanted_whatever_was_played(
    notes: list[Note], metre: tuple[int, int], longer: int, length_ticks: int
) -> None:
    timebase = Timebase.steady(120, *metre)
    clip = Clip(tuple(notes), max(note.onset_ticks for note in notes) + 1 + longer)
    found = harmony_of(clip, timebase, None, length_ticks)
    assert found.progression.length_ticks == length_ticks
    assert not length_ticks or found.progression.chord_at(0) is not None
    assert all(chord.root is not None for _, chord in found.progression.changes)
    assert all(parse_chord(chord.text) == chord for _, chord in found.progression.changes)
    assert found == harmony_of(clip, timebase, None, length_ticks)
    assert found.key.mode in ("major", "minor")


@settings(max_examples=60)
@given(st.lists(st.integers(40, 80), min_size=1, max_size=40))
def test_a_line_has_chords_of_the_kinds_the_model_knows(pitches: list[int]) -> None:
    found = harmony(line(*pitches), -(-len(pitches) // 8))
    for _, chord in found.progression.changes:
        assert chord.text.lstrip("ABCDEFG").lstrip("b#") in KINDS


@settings(max_examples=60)
@given(played, st.integers(-12, 12))
def test_a_transposed_phrase_has_the_transposed_harmony(notes: list[Note], semitones: int) -> None:
    moved = [Note(n.onset_ticks, n.duration_ticks, n.pitch + semitones) for n in notes]
    found, other = harmony(notes, 4), harmony(moved, 4)
    assert other.key == found.key.transposed_by(semitones)
    assert len(other.progression.changes) == len(found.progression.changes)
    for (at, chord), (other_at, other_chord) in zip(
        found.progression.changes, other.progression.changes, strict=True
    ):
        assert chord.root is not None
        assert (other_at, other_chord.root) == (at, (chord.root + semitones) % 12)
        assert other_chord.intervals == chord.intervals


@pytest.mark.parametrize("semitones", range(-5, 7))
def test_arpeggios_are_their_chords_and_go_round(semitones: int) -> None:
    notes = [Note(n.onset_ticks, n.duration_ticks, n.pitch + semitones) for n in ARPEGGIOS]
    found = harmony(notes, 4)
    assert found.key == Key(semitones % 12)
    roots = [parse_chord(text).root for text in bars(found)]
    assert [(root - semitones) % 12 for root in roots if root is not None] == [0, 5, 7, 0] * 3
    assert 10 in parse_chord(bars(found)[2]).intervals


def test_a_pentatonic_lick_is_in_its_minor_key_throughout() -> None:
    lick = [
        *line(69, 72, 74, 76, 79, 76, 74, 72),
        *line(69, 72, 74, 72, 69, 67, 69, None, onset=BAR),
    ]
    found = harmony(lick, 2)
    assert found.key == Key(9, "minor")
    assert {text[:2] for text in bars(found)} == {"Am"}


def test_a_twelve_bar_blues_goes_to_its_fourth_and_fifth_degree_and_round() -> None:
    roots = (60, 60, 60, 60, 65, 65, 60, 60, 67, 65, 60, 60)
    notes = [
        note
        for bar, root in enumerate(roots)
        for note in line(*(root + i for i in (0, 3, 4, 7, 9, 10, 9, 7)), onset=bar * BAR)
    ]
    found = harmony(notes, 12, n_answered=12)
    assert found.key == Key(0)
    once = [parse_chord(text).root for text in bars(found)]
    assert (once[0], once[4], once[5], once[6], once[8], once[11]) == (0, 5, 5, 0, 7, 0)
    assert once[12:] == once[:12]


@pytest.mark.parametrize("pitch", [0, 60, 67, 127])
def test_a_single_note_is_the_tonic_of_a_turn_in_four_bars(pitch: int) -> None:
    found = harmony([Note(0, 480, pitch)], 1)
    tonic = found.key.tonic
    assert tonic == pitch % 12
    degrees = [(parse_chord(text).root or 0) - tonic for text in bars(found)]
    assert [degree % 12 for degree in degrees] == [0, 9, 2, 7, 0, 9, 2, 7, 0]


def test_one_bar_in_minor_turns_in_minor() -> None:
    found = harmony(line(57, 60, 64, 60, 57, 56, 57, None), 1)
    assert found.key == Key(9, "minor")
    roots = [parse_chord(text).root for text in bars(found)]
    assert roots[1:] == [2, 4, 9, 9, 2, 4, 9, 9]


def test_the_last_bar_rests_on_the_tonic() -> None:
    two_five = [*arpeggio(62, third=3, seventh=10, bar=0), *arpeggio(67, seventh=10, bar=1)]
    found = harmony(two_five, 2, n_answered=4)
    assert [text[0] for text in bars(found)][2:5] == ["D", "G", "D"]
    assert parse_chord(bars(found)[-1]).root == found.key.tonic == 0


def test_nothing_and_rests_have_the_tonic() -> None:
    assert bars(harmony([], 2))[:2] == ["C", "C"]
    late = harmony([Note(2 * BAR, 480, 67)], 3)
    assert bars(late)[2][0] == "G"


def test_a_given_key_is_kept_and_spells_the_chords() -> None:
    clip = Clip(tuple(ARPEGGIOS), 4 * BAR)
    key = Key.parse("Cb")
    moved = Clip(tuple(line(71, 75, 78, 71)), BAR)
    assert harmony_of(clip, COMMON_TIME, Key(5), 8 * BAR).key == Key(5)
    assert harmony_of(moved, COMMON_TIME, key, BAR).progression.changes[0][1].text[:2] == "Cb"


@pytest.mark.parametrize(("chords", "key"), [("C | F G7", "C"), ("Am | Dm E7", "Am")])
def test_known_chords_decide_the_key_of_a_line_that_has_two(chords: str, key: str) -> None:
    notes = [*line(60, 64, 69, 64, 60, 64, 69, 64), *line(62, 65, 69, 65, 71, None, onset=BAR)]
    progression = parse_progression(chords, COMMON_TIME)
    assert key_over(Clip(tuple(notes), 2 * BAR), COMMON_TIME, progression) == Key.parse(key)
    assert key_over(Clip((), BAR), COMMON_TIME, progression) == Key(0)


CHORDS = ("Cmaj7", "Am7", "Dm7", "G7")
VOICINGS = ((48, 64, 67, 71), (45, 60, 64, 67), (50, 60, 65, 69), (43, 59, 62, 65))


def struck(voicing: tuple[int, ...], bar: int, duration: int = BAR - 20) -> list[Note]:
    return [Note(bar * BAR, duration, pitch) for pitch in voicing]


def test_chords_that_are_struck_are_heard_under_any_melody() -> None:
    chords = [note for bar, voicing in enumerate(VOICINGS) for note in struck(voicing, bar)]
    melody = [note for bar in range(4) for note in line(*range(73, 81), onset=bar * BAR)]
    assert bars(harmony([*chords, *melody], 4)) == [*CHORDS, *CHORDS, *CHORDS[:3], "Cmaj7"]


def test_chords_on_every_beat_are_heard_on_every_beat() -> None:
    chords = [Note(480 * beat, 440, pitch) for beat in range(4) for pitch in VOICINGS[beat]]
    changes = harmony(chords, 1, n_answered=2).progression.changes
    assert [(at, chord.text) for at, chord in changes[:4]] == [
        (480 * beat, text) for beat, text in enumerate(CHORDS)
    ]


def test_a_broken_chord_under_a_melody_is_heard_with_its_bass() -> None:
    broken = [
        note
        for bar, tones in enumerate([(48, 55, 52, 55), (47, 55, 53, 55), (48, 55, 52, 55)])
        for note in line(*tones, *tones, onset=bar * BAR)
    ]
    melody = [Note(0, BAR, 76), Note(BAR, BAR, 74), Note(2 * BAR, BAR, 72)]
    assert bars(harmony([*broken, *melody], 3))[:3] == ["C", "G7/B", "C"]


def test_a_pickup_is_no_bar_of_the_form() -> None:
    later = [Note(n.onset_ticks + BAR, n.duration_ticks, n.pitch) for n in ARPEGGIOS]
    found = bars(harmony([Note(1680, 240, 67), *later], 5))
    assert [text[0] for text in found[1:]] == list("CFGC" * 3)


def test_odd_metres_have_their_chords_on_their_bar_lines() -> None:
    timebase = Timebase.steady(120, 7, 8)
    notes = [*line(57, 60, 64, 69, 64, 60, 57), *line(52, 56, 59, 62, 59, 56, 52, onset=1680)]
    found = harmony(notes, 2, timebase, 4)
    assert [text[0] for text in bars(found, timebase)] == list("AEAEAA")
    assert all(at % 1680 in (0, 960) for at, _ in found.progression.changes)


def test_chords_go_along_when_the_metre_changes_under_the_answer() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(4 * BAR, 3, 4)))
    found = harmony(ARPEGGIOS, 4, timebase, 4)
    assert [text[0] for text in bars(found, timebase)] == list("CFGC" * 2)


@pytest.mark.parametrize(
    "notes",
    [
        [Note(30 * at, 30, 60) for at in range(512)],
        [Note(0, 10_000, pitch) for pitch in range(128)],
        [Note(at, 1, 127 * (at % 2)) for at in range(512)],
        [Note(1_000_000 * at, 2_000_000, 60 + at) for at in range(40)],
    ],
    ids=["one pitch", "every pitch", "extremes", "hours"],
)
def test_strange_phrases_have_some_harmony(notes: list[Note]) -> None:
    clip = Clip(tuple(notes), notes[-1].onset_ticks + 1)
    end_ticks = COMMON_TIME.next_bar_line_ticks(clip.length_ticks) + 64 * BAR
    found = harmony_of(clip, COMMON_TIME, None, end_ticks)
    assert found.progression.length_ticks == end_ticks
    assert found.progression.chord_at(0) is not None
