"""MIDI files become the author's words, or one sentence says why not."""

import builtins

import pytest

from musicassist.errors import (
    InputError,
    MissingFileError,
    NotMidiError,
    TrainingError,
    UserCancelled,
)
from musicassist.training.midi_corpus import find_midi_files, read_words
from musicassist.training.progress import FileRead, FileSkipped

music21 = pytest.importorskip("music21")


def test_notes_and_chords_become_strings(tmp_path, write_midi):
    path = write_midi(tmp_path / "a.mid", [[60], [63], [66], [60, 64, 67], [55, 59, 62, 65]])
    assert read_words([path]) == ("C4", "E-4", "F#4", "0.4.7", "11.2.5.7")


def test_files_follow_one_another_in_order(tmp_path, write_midi):
    write_midi(tmp_path / "b.mid", [[62]])
    write_midi(tmp_path / "a.MID", [[60]])
    (tmp_path / "below").mkdir()
    write_midi(tmp_path / "below" / "c.midi", [[64]])
    (tmp_path / "notes.txt").write_text("no music")
    told = []
    assert read_words([tmp_path], report=told.append) == ("C4", "D4", "E4")
    assert told[0] == FileRead("a.MID", 1, 1, 3)


def test_the_first_part_with_notes_is_read(tmp_path):
    import mido

    named = mido.MidiTrack([mido.MetaMessage("track_name", name="upper:")])
    lead = mido.MidiTrack([mido.Message("program_change", program=65, channel=0)])
    bass = mido.MidiTrack([mido.Message("program_change", program=33, channel=1)])
    for track, channel, pitch in ((lead, 0, 72), (bass, 1, 36)):
        track.append(mido.Message("note_on", note=pitch, channel=channel))
        track.append(mido.Message("note_off", note=pitch, channel=channel, time=480))
    mido.MidiFile(tracks=[named, lead, bass]).save(tmp_path / "band.mid")
    assert read_words([tmp_path / "band.mid"]) == ("C5",)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"nowhere\.mid"):
        find_midi_files([tmp_path / "nowhere.mid"])


def test_no_files_at_all_is_an_input_error(tmp_path):
    for paths in ([], [tmp_path]):
        with pytest.raises(InputError, match="no MIDI files"):
            find_midi_files(paths)


@pytest.mark.parametrize(
    "data", [b"", b"no music", b"MThd", b"MThd\0\0\0\6\0\1\0\1\0\0MTrk\xff\xff"]
)
def test_anything_but_midi_is_refused(tmp_path, data):
    path = tmp_path / "odd.mid"
    path.write_bytes(data)
    with pytest.raises(NotMidiError, match=r"odd\.mid"):
        read_words([path])


def test_a_bad_file_among_good_ones_is_skipped_and_told(tmp_path, write_midi):
    (tmp_path / "bad.mid").write_bytes(b"no music")
    write_midi(tmp_path / "good.mid", [[60]])
    told = []
    assert read_words([tmp_path], report=told.append) == ("C4",)
    assert isinstance(told[0], FileSkipped)
    assert told[0].name == "bad.mid"


def test_reading_stops_between_files_when_asked_to(tmp_path, write_midi):
    for name in ("a.mid", "b.mid"):
        write_midi(tmp_path / name, [[60]])
    told = []
    with pytest.raises(UserCancelled):
        read_words([tmp_path], report=told.append, should_stop=lambda: bool(told))
    assert len(told) == 1


def test_a_file_over_the_size_limit_is_refused(tmp_path):
    path = tmp_path / "big.mid"
    with path.open("wb") as stream:
        stream.write(b"MThd")
        stream.truncate(17 << 20)
    with pytest.raises(NotMidiError, match="larger than 16 MB"):
        read_words([path])


def test_music21_gets_a_private_scratch_folder_and_keeps_no_pickles(
    tmp_path, write_midi, monkeypatch
):
    seen = {}
    parse = music21.converter.parseData

    def watched(data, **options):
        scratch = music21.environment.Environment().getRootTempDir()
        score = parse(data, **options)
        seen.update(scratch=scratch, left=list(scratch.rglob("*.p*")))
        return score

    monkeypatch.setattr(music21.converter, "parseData", watched)
    before = music21.environment.Environment()["directoryScratch"]
    read_words([write_midi(tmp_path / "a.mid", [[60]])])
    assert seen["left"] == []
    assert not seen["scratch"].exists()
    assert music21.environment.Environment()["directoryScratch"] == before


def test_without_music21_a_hint_says_how_to_install_it(tmp_path, write_midi, monkeypatch):
    real_import = builtins.__import__

    def without_music21(name, *rest):
        if name == "music21":
            raise ImportError(name)
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_music21)
    with pytest.raises(TrainingError, match="music21") as caught:
        read_words([write_midi(tmp_path / "a.mid", [[60]])])
    assert "--extra train" in caught.value.hint


def test_hidden_folders_are_not_searched(tmp_path, write_midi):
    (tmp_path / ".venv" / "corpus").mkdir(parents=True)
    write_midi(tmp_path / ".venv" / "corpus" / "theirs.mid", [[60]])
    mine = write_midi(tmp_path / "mine.mid", [[60]])
    assert find_midi_files([tmp_path]) == (mine,)
    assert find_midi_files([tmp_path / ".venv"]) == (tmp_path / ".venv" / "corpus" / "theirs.mid",)
