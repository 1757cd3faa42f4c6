"""Chord symbols and progressions."""

import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import ChordSpellingError
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.timebase import MeterChange, Timebase

COMMON_TIME = Timebase.steady(120)

# Qualities of one sound on each line, then that sound in semitones above the root.
QUALITIES = {
    "|maj|M|major|:maj|:major| major": (0, 4, 7),
    "m|-|min|mi|minor|:min| minor|Min|MIN": (0, 3, 7),
    "5|no3|power|(no3)": (0, 7),
    "dim|o|°|mb5| diminished": (0, 3, 6),
    "+|aug|#5|(#5)| augmented": (0, 4, 8),
    "sus|sus4|4| suspended-fourth": (0, 5, 7),
    "sus2| suspended-second": (0, 2, 7),
    "sus24": (0, 2, 5, 7),
    "6|maj6|M6| major-sixth": (0, 4, 7, 9),
    "m6|-6|min6| minor-sixth": (0, 3, 7, 9),
    "-b6|mb6": (0, 3, 7, 8),
    "-#5|m#5": (0, 3, 8),
    "69|6/9|6(9)|6add9": (0, 4, 7, 9, 14),
    "-69|m6/9": (0, 3, 7, 9, 14),
    "6911#|69#11": (0, 4, 7, 9, 14, 18),
    "add9|2|(add9)": (0, 4, 7, 14),
    "madd9|m(add9)|-add9": (0, 3, 7, 14),
    "7|dom7|:7| dominant": (0, 4, 7, 10),
    "maj7|Maj7|MAJ7|M7|ma7|Ma7|j7|j|Δ|Δ7|△7|^|^7|:maj7|(maj7)| major-seventh": (0, 4, 7, 11),
    "m7|-7|min7|mi7|MI7|:min7| minor-seventh": (0, 3, 7, 10),
    "m7b5|-7b5|-7(b5)|m7♭5|ø|ø7|h|h7|:hdim7|m7-5| half-diminished": (0, 3, 6, 10),
    "o7|dim7|°7|:dim7| diminished-seventh": (0, 3, 6, 9),
    "oj7|o^7|oM7|dimmaj7": (0, 3, 6, 11),
    "mMaj7|mM7|m(maj7)|-^7|-j7|-Δ|minmaj7|min/maj7|m/M7| major-minor": (0, 3, 7, 11),
    "+7|aug7|7+|7#5|7+5|7(#5)| augmented-seventh": (0, 4, 8, 10),
    "+j7|maj7#5|^7#5|M7(#5)|+M7": (0, 4, 8, 11),
    "7b5|7-5|7♭5": (0, 4, 6, 10),
    "sus7|7sus|7sus4|7(sus4)": (0, 5, 7, 10),
    "7susadd3": (0, 4, 5, 7, 10),
    "9|79|7(9)| dominant-ninth": (0, 4, 7, 10, 14),
    "maj9|^9|j79|M9|Δ9| major-ninth": (0, 4, 7, 11, 14),
    "m9|-9|-79|min9| minor-ninth": (0, 3, 7, 10, 14),
    "-^9|mMaj9": (0, 3, 7, 11, 14),
    "h9|m9b5": (0, 3, 6, 10, 14),
    "sus79|9sus|9sus4": (0, 5, 7, 10, 14),
    "7b9|79b|7-9|7♭9|7(b9)": (0, 4, 7, 10, 13),
    "7#9|79#|7+9|7♯9|7(#9)": (0, 4, 7, 10, 15),
    "7b9#9": (0, 4, 7, 10, 13, 15),
    "-79b|m7b9": (0, 3, 7, 10, 13),
    "+79|9#5|aug9": (0, 4, 8, 10, 14),
    "+79b|7b9#5|7#5b9": (0, 4, 8, 10, 13),
    "+79#|7#9#5|7(#5,#9)": (0, 4, 8, 10, 15),
    "7b9sus": (0, 5, 7, 10, 13),
    "7#11|711#": (0, 4, 7, 10, 18),
    "9#11|7911#": (0, 4, 7, 10, 14, 18),
    "j7911#|^9#11|maj9#11": (0, 4, 7, 11, 14, 18),
    "^7#11|maj7(#11)": (0, 4, 7, 11, 18),
    "79#11#|7#9#11": (0, 4, 7, 10, 15, 18),
    "j79#11#": (0, 4, 7, 11, 15, 18),
    "-11|-7911|m11| minor-11th": (0, 3, 7, 10, 14, 17),
    "11| dominant-11th": (0, 4, 7, 10, 14, 17),
    "13|7913|9(13)| dominant-13th": (0, 4, 7, 10, 14, 21),
    "maj13|^13|j7913| major-13th": (0, 4, 7, 11, 14, 21),
    "sus7913|13sus": (0, 5, 7, 10, 14, 21),
    "7b13": (0, 4, 7, 10, 20),
    "7913b|9b13": (0, 4, 7, 10, 14, 20),
    "79b13|13b9|7b9(13)|7(b9,13)": (0, 4, 7, 10, 13, 21),
    "79b13b|7b9b13": (0, 4, 7, 10, 13, 20),
    "79#13|13#9": (0, 4, 7, 10, 15, 21),
    "13#11": (0, 4, 7, 10, 14, 18, 21),
    "7alt|alt": (0, 4, 10, 13, 15, 18, 20),
    "7b13sus": (0, 5, 7, 10, 20),
    "9b5": (0, 4, 6, 10, 14),
    "^7#5": (0, 4, 8, 11),
    "7b9b5|79bb5": (0, 4, 6, 10, 13),
    "9bsus": (0, 5, 7, 10, 13),
    "mj7|∆7": (0, 4, 7, 11),
    "SUS|Sus4": (0, 5, 7),
    "ADD9|Madd9|MADD9": (0, 4, 7, 14),
    "7ALT": (0, 4, 10, 13, 15, 18, 20),
    " Neapolitan": (0, 4, 7),
    " Italian": (0, 6, 8),
    " French": (0, 2, 6, 8),
    " German": (0, 3, 6, 8),
    " Tristan": (0, 6, 10, 15),
    " pedal| other": (0,),
    " dominant add b9 subtract 5": (0, 4, 10, 13),
    " dominant alter #5 add #9": (0, 4, 8, 10, 15),
    " major-seventh add #11": (0, 4, 7, 11, 18),
    " minor add 11": (0, 3, 7, 17),
    " major subtract 3": (0, 7),
    " other add 4 add 5": (0, 5, 7),
    "7no5|7omit5": (0, 4, 10),
    "9no7": (0, 4, 7, 14),
    "7(b3)|-7": (0, 3, 7, 10),
}
SPELLINGS = [
    (quality, intervals) for line, intervals in QUALITIES.items() for quality in line.split("|")
]
ROOTS = {"C": 0, "Bb": 10, "F#": 6, "Eb": 3, "Cb": 11, "B♭": 10, "G♯": 8}

chord_texts = st.builds(
    lambda root, spelling: root + spelling[0],
    st.sampled_from(["C", "D", "Eb", "F#", "A"]),
    st.sampled_from(SPELLINGS),
)


@pytest.mark.parametrize(("quality", "intervals"), SPELLINGS)
def test_every_common_spelling_of_a_quality_is_understood(
    quality: str, intervals: tuple[int, ...]
) -> None:
    chord = parse_chord(f"G {quality}")
    assert chord.intervals == intervals
    assert chord.bass is None


@given(st.sampled_from(sorted(ROOTS)), st.sampled_from(SPELLINGS))
def test_a_chord_on_another_root_is_the_same_chord_moved(root: str, spelling: tuple) -> None:
    quality, intervals = spelling
    chord = parse_chord(root + (f"({quality})" if quality.startswith("#") else quality))
    assert (chord.root, chord.intervals) == (ROOTS[root], intervals)
    assert chord.pitch_classes == {(ROOTS[root] + each) % 12 for each in intervals}


@given(st.sampled_from(SPELLINGS), st.sampled_from(["E", "Bb", "F#", "e", "b"]))
def test_a_bass_is_added_to_any_chord(spelling: tuple, bass: str) -> None:
    plain, slashed = parse_chord("D " + spelling[0]), parse_chord(f"D {spelling[0]}/{bass}")
    assert slashed.intervals == plain.intervals
    assert slashed.bass == {"E": 4, "Bb": 10, "F#": 6, "e": 4, "b": 11}[bass]
    assert slashed.pitch_classes == plain.pitch_classes | {slashed.bass}


def test_a_bass_that_is_the_root_is_no_bass() -> None:
    assert parse_chord("Db-69/Db").bass is None
    assert parse_chord("C/B#").bass is None


def test_a_sixth_with_a_ninth_is_no_bass() -> None:
    assert parse_chord("C6/9").bass is None
    assert parse_chord("C6/9/E").bass == 4


@pytest.mark.parametrize("text", ["NC", "N.C.", "N.C", "n.c.", "N", " nc ", "No Chord"])
def test_no_chord_is_a_symbol_without_notes(text: str) -> None:
    chord = parse_chord(text)
    assert chord.is_no_chord
    assert chord.pitch_classes == frozenset()
    assert chord.root is None


@pytest.mark.parametrize(
    ("text", "root"), [("bb7", 10), ("am7", 9), ("Bbb7", 9), ("Bbb5", 10), ("Abb9", 8), ("F##", 7)]
)
def test_roots_may_be_small_letters_or_doubly_altered(text: str, root: int) -> None:
    assert parse_chord(text).root == root


def test_a_flat_before_five_or_nine_belongs_to_the_number() -> None:
    assert parse_chord("Bbb5").intervals == (0, 4, 6)


@pytest.mark.parametrize(
    "text",
    [
        *("X", "Cfoo", "C77x", "Cmajmaj", "Cmaj7min", "C7dim", "C7-", "C-7-", "Cadd", "Cno"),
        *("C3", "C10", "C(#3)", "C7(b11)", "C/", "C//E", "C/9x", "/", "%", "C|D"),
        *("", " ", "♭7", "C7" * 30),
    ],
)
def test_what_is_no_chord_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ChordSpellingError) as caught:
        parse_chord(text)
    assert len(caught.value.what) < 100
    assert "Cmaj7" in caught.value.hint


@given(st.text(max_size=20) | st.text("ABCDEFGbmajdinoug#+-^/()0123456789sut", max_size=12))
def test_any_text_is_a_chord_or_a_chord_spelling_error(text: str) -> None:
    try:
        chord = parse_chord(text)
    except ChordSpellingError:
        return
    assert chord.is_no_chord or chord.intervals[0] == 0
    assert list(chord.intervals) == sorted(set(chord.intervals))


# Source: the qualities that iReal Pro's editor offers.
IREAL_QUALITIES = """
    5 2 add9 + o h sus ^ - ^7 -7 7 7sus h7 o7 ^9 ^13 6 69 ^7#11 ^9#11 ^7#5 -6 -69 -^7 -^9 -9 -11
    -7b5 h9 -b6 -#5 9 7b9 7#9 7#11 7b5 7#5 9#11 9b5 9#5 7b13 7#9#5 7#9b5 7#9#11 7b9#11 7b9b5 7b9#5
    7b9#9 7b9b13 7alt 13 13#11 13b9 13#9 7b9sus 7susadd3 9sus 13sus 7b13sus 11
"""
# Source: W3C MusicXML 4.0, the values of `kind`.
MUSICXML_KINDS = """
    augmented augmented-seventh diminished diminished-seventh dominant dominant-11th dominant-13th
    dominant-ninth French German half-diminished Italian major major-11th major-13th major-minor
    major-ninth major-seventh major-sixth minor minor-11th minor-13th minor-ninth minor-seventh
    minor-sixth Neapolitan other pedal power suspended-fourth suspended-second Tristan
"""


@pytest.mark.parametrize("quality", ["", *IREAL_QUALITIES.split()])
@pytest.mark.parametrize("root", ["C", "Bb", "F#"])
def test_every_quality_of_ireal_pro_is_understood(root: str, quality: str) -> None:
    chord = parse_chord(f"{root}{quality}/E")
    assert chord.root == {"C": 0, "Bb": 10, "F#": 6}[root]
    assert chord.bass == 4
    alterations = {"b5": 6, "#5": 8, "b9": 13, "#9": 15, "#11": 18, "b13": 20}
    for written, interval in alterations.items():
        if written in quality and quality != "-7b5":
            assert interval in chord.intervals


@pytest.mark.parametrize("kind", MUSICXML_KINDS.split())
def test_every_kind_of_musicxml_is_understood(kind: str) -> None:
    chord = parse_chord(f"Eb {kind}")
    assert (chord.root, chord.intervals[0]) == (3, 0)
    added = parse_chord(f"Eb {kind} add b9")
    assert set(added.intervals) >= {*chord.intervals, 13} - {14}


def test_the_kind_none_of_musicxml_is_no_chord() -> None:
    assert parse_chord("C none").is_no_chord


@pytest.mark.parametrize("text", ["H7", "Hm", "h", "H", "Hm7b5", "G/H", "Hmaj7/F#"])
def test_the_german_h_is_refused_with_a_word_on_how_to_write_it(text: str) -> None:
    with pytest.raises(ChordSpellingError) as caught:
        parse_chord(text)
    assert f"“{text}”" in caught.value.what
    assert "German H as B" in caught.value.hint


@pytest.mark.parametrize("text", ["hello", "Hello", "Hullabaloo", "H7foo", "Cfoo"])
def test_what_is_no_chord_with_a_b_for_its_h_either_is_not_called_german(text: str) -> None:
    with pytest.raises(ChordSpellingError) as caught:
        parse_chord(text)
    assert "German" not in caught.value.hint
    assert "Cmaj7" in caught.value.hint


@pytest.mark.parametrize("text", ["Cfoo", "Xyz7", "C7b9x"])
def test_what_is_refused_is_named_as_it_was_written(text: str) -> None:
    with pytest.raises(ChordSpellingError) as caught:
        parse_chord(text)
    assert f"“{text}”" in caught.value.what


def test_a_number_with_its_accidental_last_stands_on_a_seventh() -> None:
    assert parse_chord("C9b").intervals == parse_chord("C7b9").intervals
    assert parse_chord("C11#").intervals == parse_chord("C7#11").intervals


@pytest.mark.parametrize("size", ["s", "l"])
def test_the_print_size_of_ireal_pro_is_no_part_of_a_chord(size: str) -> None:
    assert parse_chord(f"{size}Bb-7/Ab") == parse_chord("Bb-7/Ab")


def test_a_chord_symbol_keeps_its_text() -> None:
    assert parse_chord(" C7(b9)/E ").text == "C7(b9)/E"


@pytest.mark.parametrize("fields", [(12, ()), (0, (0,), 12), (None, (0,)), (None, (), 3)])
def test_an_impossible_chord_symbol_is_refused(fields: tuple) -> None:
    with pytest.raises(ValueError, match=r"pitch class|no notes"):
        ChordSymbol(*fields)


@pytest.mark.shared
def test_every_chord_of_the_weimar_jazz_database_is_understood(shared) -> None:
    with gzip.open(shared / "data/wjazzd/beats.csv.gz", "rt", encoding="utf-8") as file:
        texts = {row["chord"] for row in csv.DictReader(file)} - {""}
    assert len(texts) > 400
    assert all(parse_chord(text) for text in texts)


def test_bars_are_split_by_lines_and_shared_evenly() -> None:
    progression = parse_progression("Fm | Db | C7 E7 | %", COMMON_TIME)
    assert progression.length_ticks == 4 * 1920
    assert [(onset, chord.text) for onset, chord in progression.changes] == [
        (0, "Fm"),
        (1920, "Db"),
        (3840, "C7"),
        (4800, "E7"),
        (5760, "C7"),
        (6720, "E7"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Fm|Db",
        "| Fm | Db |",
        "|| Fm || Db ||",
        "Fm\nDb\n",
        " Fm |\tDb ",
        "|Fm|Db|",
        "Fm\r\nDb",
        "Fm |\nDb |",
    ],
)
def test_outer_and_double_bar_lines_and_new_lines_change_nothing(text: str) -> None:
    plain = parse_progression("Fm | Db", COMMON_TIME)
    assert parse_progression(text, COMMON_TIME) == plain


def test_a_slash_holds_the_chord_and_an_empty_bar_too() -> None:
    progression = parse_progression("C / / G7 | | F", COMMON_TIME)
    assert [(onset, chord.text) for onset, chord in progression.changes] == [
        (0, "C"),
        (1440, "G7"),
        (3840, "F"),
    ]


def test_the_marks_of_ireal_pro_are_understood_in_a_progression() -> None:
    ireal = parse_progression("lC7 p W/E W | x | n | sD-7 W/C", COMMON_TIME)
    plain = parse_progression("C7 / C7/E / | % | N.C. | D-7 D-7/C", COMMON_TIME)
    assert [(at, chord.root, chord.intervals, chord.bass) for at, chord in ireal.changes] == [
        (at, chord.root, chord.intervals, chord.bass) for at, chord in plain.changes
    ]


def test_the_first_bar_of_a_progression_from_within_a_bar_is_what_is_left_of_it() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(3840, 3, 4)))
    progression = parse_progression("C G | % | F", timebase, 1920 + 960)
    assert [(onset, chord.text) for onset, chord in progression.changes] == [
        (0, "C"),
        (480, "G"),
        (960, "C"),
        (960 + 720, "G"),
        (960 + 1440, "F"),
    ]
    assert progression.length_ticks == 960 + 2 * 1440


def test_a_progression_follows_the_metre() -> None:
    timebase = Timebase(meters=(MeterChange(0, 3, 4), MeterChange(1440, 4, 4)))
    progression = parse_progression("C Am | %", timebase)
    assert [onset for onset, _ in progression.changes] == [0, 720, 1440, 2400]
    assert progression.length_ticks == 1440 + 1920


@pytest.mark.parametrize("text", ["", "  ", "|", "||", "\n"])
def test_no_text_is_an_empty_progression(text: str) -> None:
    assert parse_progression(text, COMMON_TIME) == Progression()


@pytest.mark.parametrize(
    "text", ["%", "x", "% | C", "W/E | C", "n | W/E", "C | Xyz", "C maj7", "|: C :|"]
)
def test_a_progression_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ChordSpellingError):
        parse_progression(text, COMMON_TIME)


def test_more_chords_than_a_bar_has_ticks_are_refused() -> None:
    with pytest.raises(ChordSpellingError, match="bar 2"):
        parse_progression("C |" + " C" * 121, Timebase.steady(120, 1, 16))


@given(st.lists(st.lists(chord_texts.filter(lambda text: " " not in text), max_size=5), max_size=6))
def test_a_progression_holds_its_bars(bars: list[list[str]]) -> None:
    text = "|".join(f" {' '.join(bar)} " for bar in bars)
    progression = parse_progression(f"C | {text} | C", COMMON_TIME)
    assert progression.length_ticks == (max(1, len(bars)) + 2) * 1920
    assert [chord.text for _, chord in progression.changes] == [
        "C",
        *(text for bar in bars for text in bar),
        "C",
    ]
    for index, bar in enumerate(bars):
        for share, chord in enumerate(bar):
            at = progression.chord_at((index + 1) * 1920 + share * 1920 // len(bar))
            assert at is not None
            assert at.text == chord


def test_before_the_first_chord_there_is_none() -> None:
    progression = Progression(((480, parse_chord("C")),), 1920)
    assert progression.chord_at(479) is None
    assert progression.chord_at(480) == progression.chord_at(1e9) == parse_chord("C")


@given(st.integers(0, 20_000), st.integers(0, 19_999))
def test_a_looped_progression_repeats(length_ticks: int, ticks: int) -> None:
    progression = parse_progression("C | F G | Am / Em C", COMMON_TIME)
    looped = progression.looped_to(length_ticks)
    assert looped.length_ticks == length_ticks
    if ticks < length_ticks:
        assert looped.chord_at(ticks) == progression.chord_at(ticks % progression.length_ticks)


def test_an_empty_progression_loops_without_chords() -> None:
    assert Progression().looped_to(1920) == Progression((), 1920)


@pytest.mark.parametrize(
    ("onsets", "length_ticks"), [((5, 5), 10), ((5, 3), 10), ((-1,), 10), ((10,), 10), ((), -1)]
)
def test_a_progression_out_of_order_or_range_is_refused(
    onsets: tuple[int, ...], length_ticks: int
) -> None:
    with pytest.raises(ValueError, match="chord"):
        Progression(tuple((onset, parse_chord("C")) for onset in onsets), length_ticks)
