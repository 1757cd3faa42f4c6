"""Which track of a file is the phrase."""

import pytest

from musicassist.errors import EmptyPhraseError
from musicassist.files.midi_document import MidiDocument, MidiTrack
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import ControlPoint, Note
from musicassist.music.timebase import Timebase

BAR = 1920


def line(name="", *, low=60, channel=0, n_notes=16, length_bars=4):
    notes = (Note(step * 240, 240, low + step % 8, channel=channel) for step in range(n_notes))
    return MidiTrack(name, Clip(tuple(notes), length_bars * BAR, (), name))


def chords(name=""):
    notes = (Note(bar * BAR, BAR, 60 + step) for bar in range(4) for step in (0, 4, 7))
    return MidiTrack(name, Clip(tuple(notes), 4 * BAR, (), name))


def chosen(*tracks):
    return MidiDocument(Timebase(), tracks=tracks).melody()


def test_a_line_is_likelier_than_chords():
    assert chosen(chords(), line()).notes == line().clip.notes


def test_drums_are_the_last_choice():
    drums = line("Solo", channel=9, n_notes=30)
    assert chosen(drums, chords()).notes == chords().clip.notes
    assert chosen(drums).notes == drums.clip.notes


def test_names_decide_between_lines():
    assert chosen(line("Voice 2"), line("Solo guitar"), line("Bass")).name in (
        "Voice 2",
        "Solo guitar",
    )
    assert chosen(line("Bass"), line("Lead")).name == "Lead"
    assert chosen(line("Lead", low=62), line("Slap bass")).name == "Lead"


def test_a_singing_range_is_likelier_than_a_low_one():
    assert chosen(line("a", low=30), line("b")).name == "b"


def test_legato_still_counts_as_one_at_a_time():
    legato = MidiTrack("x", Clip(tuple(Note(i * 240, 260, 60 + i % 8) for i in range(16)), 4 * BAR))
    assert chosen(chords(), legato).notes == legato.clip.notes


def test_the_phrase_ends_with_its_bar_however_long_the_file_is():
    long = line(n_notes=16, length_bars=100)
    assert chosen(long).length_ticks == 2 * BAR


def test_controllers_after_the_phrase_are_left_out():
    clip = Clip((Note(0, 480, 60),), 9 * BAR, tuple(ControlPoint(t, 1, 5) for t in (0, 5000)))
    assert chosen(MidiTrack("", clip)).controls == (ControlPoint(0, 1, 5),)


def test_drum_notes_in_the_same_track_are_left_out():
    notes = (Note(0, 480, 60), Note(0, 60, 36, channel=9), Note(3 * BAR, 60, 36, channel=9))
    phrase = chosen(MidiTrack("", Clip(notes, 4 * BAR)))
    assert phrase.notes == notes[:1]
    assert phrase.length_ticks == BAR


def test_no_notes_is_one_sentence():
    with pytest.raises(EmptyPhraseError, match="no notes"):
        chosen(MidiTrack("", Clip((), BAR)))


def test_notes_of_all_tracks_are_counted():
    assert MidiDocument(Timebase(), tracks=(line(), chords())).n_notes == 28


def test_a_signature_of_c_major_says_nothing_of_the_key():
    assert MidiDocument(Timebase(), Key.parse("C")).meant_key is None
    assert MidiDocument(Timebase(), Key.parse("Am")).meant_key == Key.parse("Am")
    assert MidiDocument(Timebase(), Key.parse("F")).meant_key == Key.parse("F")
