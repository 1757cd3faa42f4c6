"""Chords in words, as people write them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from musicassist.errors import ChordSpellingError
from musicassist.music.chord_text import chords_in_words, progression_text, written_chord
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.timebase import MeterChange, Timebase

BAR_TICKS = 1920


@pytest.mark.parametrize(
    ("written", "answer_bar", "words"),
    [
        ("Fm", 0, "Fm"),
        ("Fm | Db", 1, "Fm || Db"),
        ("Fm | Fm | Fm | Db", 2, "Fm | % || Fm | Db"),
        ("Fm Db | Fm Db | C7", 1, "Fm Db || Fm Db | C7"),
        ("Fm / / Db | %", 0, "Fm / / Db | %"),
        ("Fm/C NC | C7", 0, "Fm/C NC | C7"),
        ("Fm Fm | Db", 0, "Fm Fm | Db"),
        ("C / / / / G7", 0, "C / / / / G7"),
    ],
)
def test_chords_are_written_as_people_write_them(written: str, answer_bar: int, words: str) -> None:
    progression = parse_progression(written, Timebase())
    said = chords_in_words(progression, Timebase(), answer_bar * BAR_TICKS)
    assert said == words


def test_before_the_first_chord_there_is_none() -> None:
    late = Progression(((BAR_TICKS // 2, parse_chord("G7")),), 2 * BAR_TICKS)
    assert chords_in_words(late, Timebase(), BAR_TICKS) == "NC G7 || G7"


PLACES = st.dictionaries(
    st.integers(0, 31), st.sampled_from(["C", "Fm7", "Bb/D", "NC", "G7b9"]), min_size=1
)


@given(PLACES, st.integers(0, 4), st.sampled_from([(4, 4), (3, 4), (7, 8)]))
def test_what_is_written_is_read_as_it_was(
    places: dict[int, str], answer_bar: int, meter: tuple[int, int]
) -> None:
    timebase = Timebase(meters=(MeterChange(0, *meter),))
    changes = tuple((240 * at, parse_chord(text)) for at, text in sorted(places.items()))
    end_ticks = timebase.next_bar_line_ticks(max(changes[-1][0] + 1, 4 * 1920))
    progression = Progression(changes, end_ticks)
    said = chords_in_words(progression, timebase, timebase.bar_start_ticks(answer_bar))
    read = parse_progression(said, timebase)
    assert read.length_ticks == end_ticks
    for ticks in range(0, end_ticks, 120):
        chord = progression.chord_at(ticks) or parse_chord("NC")
        again = read.chord_at(ticks)
        assert again is not None
        assert (again.root, again.intervals, again.bass) == (
            chord.root,
            chord.intervals,
            chord.bass,
        )


TIMEBASES = st.sampled_from(
    [
        Timebase(meters=(MeterChange(0, 4, 4),)),
        Timebase(meters=(MeterChange(0, 7, 8),)),
        Timebase(meters=(MeterChange(0, 5, 16),)),
        Timebase(meters=(MeterChange(0, 4, 4), MeterChange(3840, 3, 4), MeterChange(6720, 6, 8))),
        Timebase(meters=(MeterChange(0, 4, 4), MeterChange(2400, 11, 8))),
    ]
)
SPELLINGS = st.sampled_from(
    ["C", "Fm7", "Bb/D", "NC", "n.c.", "G7b9", "C6/9", "F#m7b5", "C7(b9,#11)", "Ebmaj7/G", "N"]
)


@given(
    st.lists(st.integers(0, 9_000), max_size=9, unique=True), st.data(), TIMEBASES, st.booleans()
)
def test_every_change_of_a_progression_survives_its_text(
    places: list[int], data: st.DataObject, timebase: Timebase, is_on_beats: bool
) -> None:
    places = sorted({place // 240 * 240 if is_on_beats else place for place in places})
    changes = tuple((place, parse_chord(data.draw(SPELLINGS))) for place in places)
    end_ticks = timebase.next_bar_line_ticks(max(places, default=-1) + 1)
    progression = Progression(changes, end_ticks)
    assert parse_progression(progression_text(progression, timebase), timebase) == progression


WORDS = st.sampled_from(["C", "Fm7", "/", "%", "W/E", "NC", "p", "sG7", "Bb/D"])


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), max_size=6).map(" | ".join),
    TIMEBASES,
)
def test_what_is_typed_in_any_way_survives_being_written_again(
    typed: str, timebase: Timebase
) -> None:
    typed = f"C | {typed}"
    try:
        progression = parse_progression(typed, timebase)
    except ChordSpellingError:
        assume("NC" in typed)  # which nothing can be put under
        return
    written = progression_text(progression, timebase)
    assert parse_progression(written, timebase) == progression
    assert len(written) < 4 * len(typed) + 100


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Fm | / | Db C7 | /", "Fm | / | Db C7 | /"),
        ("C7\nC7\nF7", "C7 | % | F7"),
        ("C D E F G A B", "C D E F G A B"),
        ("/ C", "/ C"),
        ("C W/E", "C C/E"),
    ],
)
def test_text_is_as_short_as_people_write_it(typed: str, written: str) -> None:
    progression = parse_progression(typed, Timebase())
    assert progression_text(progression, Timebase()) == written


@pytest.mark.parametrize(
    ("chord", "text"),
    [
        (parse_chord("C minor-seventh"), "Cm7"),
        (parse_chord("no chord"), "NC"),
        (parse_chord("F#m7b5"), "F#m7b5"),
        (ChordSymbol(3, (0, 4, 7), 7), "Eb/G"),
    ],
)
def test_a_chord_of_several_words_or_of_none_becomes_one(chord: ChordSymbol, text: str) -> None:
    assert written_chord(chord).text == text
