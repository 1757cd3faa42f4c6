"""Whatever the chords, the metre and the feel: chords, bass and drums are playable and follow."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.app.feels import all_feels
from musicassist.music.accompaniment.accompany import Accompaniment, accompany
from musicassist.music.accompaniment.feel import Feel
from musicassist.music.accompaniment.strikes import regions_of
from musicassist.music.backing import BASS_CHANNEL, CHORDS_CHANNEL, DRUM_CHANNEL
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

BEAT = 480
LATE_TICKS = 18
AS_EARLY_TICKS = BEAT + LATE_TICKS

SPELLINGS = (
    *("C", "Fm", "Db", "Eb7", "C7b9", "Bm7b5", "F#o7", "G7alt", "Asus4", "Dsus2", "E5", "Bb6/9"),
    *("C13", "Abmaj7#11", "D/F#", "Gm7/C", "C+", "Fm(maj7)", "B7#9", "NC", "Ebm11", "A7sus4"),
)
METRES = ((4, 4), (3, 4), (6, 8), (5, 4), (7, 8), (12, 8), (2, 2), (9, 8), (2, 4), (5, 8), (7, 16))

chords = st.sampled_from(SPELLINGS).map(parse_chord)
feels = st.sampled_from(all_feels())
seeds = st.integers(0, 2**32 - 1)


@st.composite
def timebases(draw: st.DrawFn) -> Timebase:
    numerator, denominator = draw(st.sampled_from(METRES))
    first = MeterChange(0, numerator, denominator)
    meters = [first]
    if draw(st.booleans()):
        other = draw(st.sampled_from(METRES))
        meters.append(MeterChange(first.bar_ticks * draw(st.integers(1, 4)), *other))
    tempos = [TempoChange(0, round(60e6 / draw(st.integers(30, 300))))]
    if draw(st.booleans()):
        tempos.append(TempoChange(BEAT * draw(st.integers(1, 9)), 400_000))
    return Timebase(tuple(tempos), tuple(meters))


@st.composite
def progressions(draw: st.DrawFn) -> Progression:
    spans = draw(st.lists(st.tuples(st.integers(1, 9), chords), max_size=8))
    step = draw(st.sampled_from((120, 160, 240, 480, 960)))
    changes, at = [], 0
    for length, chord in spans:
        changes.append((at, chord))
        at += length * step
    return Progression(tuple(changes), at)


pieces = st.tuples(
    progressions(), timebases(), st.integers(1, 9 * 1920), feels, seeds, st.booleans()
)
Piece = tuple[Progression, Timebase, int, Feel, int, bool]


def played(piece: Piece) -> Accompaniment:
    progression, timebase, length_ticks, feel, seed, has_section = piece
    sections = (timebase.bar_start_ticks(3),) if has_section else ()
    return accompany(progression, timebase, length_ticks, feel, seed, sections)


def clips(accompaniment: Accompaniment) -> tuple[Clip, Clip, Clip]:
    return accompaniment.chords, accompaniment.bass, accompaniment.drums


def chord_classes(progression: Progression, ticks: int) -> frozenset[int]:
    chord = progression.chord_at(ticks)
    return chord.pitch_classes if chord is not None else frozenset()


@given(pieces)
def test_everything_is_within_the_length_and_no_pitch_overlaps_itself(piece: Piece) -> None:
    for clip, channel in zip(
        clips(played(piece)), (CHORDS_CHANNEL, BASS_CHANNEL, DRUM_CHANNEL), strict=True
    ):
        assert clip.length_ticks == piece[2]
        assert clip.end_of_notes_ticks <= clip.length_ticks
        assert all(note.channel == channel for note in clip.notes)
        last: dict[int, Note] = {}
        for note in clip.notes:
            before = last.get(note.pitch)
            assert before is None or before.end_ticks <= note.onset_ticks
            last[note.pitch] = note


@given(pieces)
def test_the_same_seed_plays_the_same(piece: Piece) -> None:
    assert played(piece) == played(piece)


@given(pieces)
def test_chord_notes_belong_to_the_chord_in_force_or_to_the_one_they_run_ahead_of(
    piece: Piece,
) -> None:
    progression, _, length_ticks, feel, *_ = piece
    looped = progression.looped_to(length_ticks)
    anticipates = any(
        ">" in cell
        for patterns in (feel.patterns, *(each for _, each in feel.in_metres))
        for bar in patterns.chords
        for cell in bar
    )
    for note in played(piece).chords.notes:
        if note.pitch % 12 in chord_classes(looped, note.onset_ticks):
            now = chord_classes(looped, note.end_ticks - 1)
            assert note.pitch % 12 in now, "it rings into another chord"
            continue
        assert anticipates
        ahead = [onset for onset, _ in looped.changes if onset > note.onset_ticks]
        assert ahead
        assert ahead[0] - note.onset_ticks <= AS_EARLY_TICKS
        assert note.pitch % 12 in chord_classes(looped, ahead[0])


@given(pieces)
def test_every_chord_is_heard_and_the_bass_has_it_on_its_tick(piece: Piece) -> None:
    progression, _, length_ticks, *_ = piece
    looped = progression.looped_to(length_ticks)
    accompaniment = played(piece)
    for start, end, chord in regions_of(looped, length_ticks):
        lowest = chord.root if chord.bass is None else chord.bass
        sounding = [
            note
            for note in accompaniment.bass.notes
            if note.onset_ticks <= start + LATE_TICKS and note.end_ticks > start
        ]
        assert any(note.pitch % 12 == lowest for note in sounding), (start, chord.text)
        assert any(
            note.onset_ticks < end and note.end_ticks >= start - LATE_TICKS
            for note in accompaniment.chords.notes
            if note.pitch % 12 in chord.pitch_classes
        )


@given(pieces)
def test_bass_notes_outside_the_chord_lead_by_a_semitone_into_the_next(piece: Piece) -> None:
    progression, _, length_ticks, *_ = piece
    looped = progression.looped_to(length_ticks)
    notes = played(piece).bass.notes
    for note, later in pairwise((*notes, None)):
        assert note is not None
        if note.pitch % 12 in chord_classes(looped, note.onset_ticks):
            continue
        ahead = chord_classes(looped, note.onset_ticks + AS_EARLY_TICKS)
        runs_ahead = note.end_ticks - note.onset_ticks > 1 and note.pitch % 12 in (
            ahead | chord_classes(looped, note.end_ticks - 1)
        )
        leads = later is not None and abs(later.pitch - note.pitch) == 1
        assert runs_ahead or leads


@given(pieces)
def test_nothing_sounds_where_no_chord_is_wanted(piece: Piece) -> None:
    _, timebase, length_ticks, feel, seed, _ = piece
    silence = Progression(((0, ChordSymbol(None)),), BEAT)
    for progression in (silence, None, Progression()):
        accompaniment = accompany(progression, timebase, length_ticks, feel, seed)
        assert not accompaniment.chords.notes
        assert not accompaniment.bass.notes


def test_without_length_nothing_is_played() -> None:
    assert accompany(None, Timebase(), 0, all_feels()[0], 1) == Accompaniment()


@pytest.mark.parametrize("feel", all_feels(), ids=lambda feel: feel.feel_id)
@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "5/4", "7/8"])
def test_every_feel_keeps_time_in_every_metre(feel: Feel, metre: str) -> None:
    timebase = Timebase.steady(100, *map(int, metre.split("/")))
    progression = parse_progression("Fm | Db", timebase)
    length_ticks = timebase.bar_start_ticks(8)
    accompaniment = accompany(progression, timebase, length_ticks, feel, 7)
    for bar in range(8):
        start, end = timebase.bar_start_ticks(bar), timebase.bar_start_ticks(bar + 1)
        for clip in clips(accompaniment):
            inside = [n for n in clip.notes if start - LATE_TICKS <= n.onset_ticks < end]
            assert inside, f"{clip.name} is silent in bar {bar + 1}"


@pytest.mark.parametrize("feel", all_feels(), ids=lambda feel: feel.feel_id)
def test_a_changed_chord_leaves_the_drums_alone(feel: Feel) -> None:
    timebase = Timebase()
    one, other = (parse_progression(text, timebase) for text in ("C | F", "Am | F"))
    drums = [accompany(each, timebase, 8 * 1920, feel, 3).drums for each in (one, other)]
    assert drums[0] == drums[1]


def test_another_tempo_changes_nothing_but_the_hands() -> None:
    progression = parse_progression("C | F", Timebase())
    for feel in all_feels():
        slow, fast = (
            accompany(progression, Timebase.steady(bpm), 8 * 1920, feel, 3) for bpm in (60, 180)
        )
        for one, other in zip(clips(slow), clips(fast), strict=True):
            assert sorted(n.pitch for n in one.notes) == sorted(n.pitch for n in other.notes)


@settings(max_examples=20)
@given(seeds)
def test_a_walking_bass_steps_and_turns_without_great_leaps(seed: int) -> None:
    swing = next(feel for feel in all_feels() if feel.feel_id == "swing")
    progression = parse_progression("Dm7 | G7 | Cmaj7 | A7", Timebase())
    notes = accompany(progression, Timebase(), 16 * 1920, swing, seed).bass.notes
    assert len(notes) == 64
    leaps = [abs(later.pitch - note.pitch) for note, later in pairwise(notes)]
    assert max(leaps) <= 16
    assert sum(leaps) / len(leaps) < 6
    assert sum(leap == 0 for leap in leaps) <= 4


def test_voices_move_little_from_chord_to_chord() -> None:
    progression = parse_progression("Dm7 | G7 | Cmaj7 | A7", Timebase())
    for feel in all_feels():
        notes = accompany(progression, Timebase(), 4 * 1920, feel, 1).chords.notes
        tops = [
            max(n.pitch for n in notes if bar * 1920 <= n.onset_ticks < bar * 1920 + 1900)
            for bar in range(4)
        ]
        limit = 12 if feel.voicing == "power" else 7
        assert all(abs(later - top) <= limit for top, later in pairwise(tops)), feel.feel_id


def test_phrases_end_with_a_fill_and_the_next_begins_with_a_crash() -> None:
    for feel in all_feels():
        drums = accompany(None, Timebase(), 8 * 1920, feel, 5, (6 * 1920,)).drums.notes
        crashes = [round(n.onset_ticks / 1920) for n in drums if n.pitch == 49]
        assert crashes == ([4, 6] if feel.fills else []), feel.feel_id
