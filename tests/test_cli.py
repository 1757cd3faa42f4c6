"""The command line: from a phrase in a file to solos in files, and a sentence for every mishap."""

import json
from pathlib import Path

import mido
import pytest

from musicassist import cli
from musicassist.checkup.finding import Finding, State
from musicassist.files.smf_read import read_midi
from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import MeterChange, Timebase

PITCHES = (65, 68, 72, 70, 68, 67, 65, 60)


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    notes = tuple(Note(i * 480, 400, pitch, 70 + 4 * i) for i, pitch in enumerate(PITCHES))
    path = tmp_path / "phrase.mid"
    clip = Clip(notes, 3840)
    path.write_bytes(solo_bytes(clip, Timebase.steady(97), Key.parse("Fm"), "Phrase"))
    return path


def run(*words: object) -> int:
    return cli.main([str(word) for word in words])


def test_a_phrase_becomes_as_many_solos_as_asked_for(phrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "solos"
    assert run("continue", phrase, "--bars", 4, "--takes", 3, "--out", out) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"Solo 0{number} Fm 97bpm 4bars.mid" for number in (1, 2, 3)]
    for path in out.iterdir():
        file = mido.MidiFile(path)
        metas = {message.type: message for message in file.tracks[0] if message.is_meta}
        assert file.type == 0
        assert round(mido.tempo2bpm(metas["set_tempo"].tempo)) == 97
        assert metas["key_signature"].key == "Fm"
        assert sum(message.time for message in file.tracks[0]) == 4 * 4 * 480
        assert sum(m.type == "note_on" and m.velocity > 0 for m in file.tracks[0]) > 3


def test_same_seed_same_files_and_nothing_is_overwritten(phrase: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("continue", phrase, "--takes", 1, "--seed", 5, "--out", tmp_path / "out") == 0
    first, second = sorted((tmp_path / "out").iterdir())
    assert read_midi(first).melody().notes == read_midi(second).melody().notes
    assert run("continue", phrase, "--takes", 1, "--seed", 6, "--out", tmp_path / "other") == 0
    (other,) = (tmp_path / "other").iterdir()
    assert read_midi(other).melody().notes != read_midi(first).melody().notes


def test_full_strength_puts_every_note_on_the_grid(phrase: Path, tmp_path: Path) -> None:
    words = ("--grid", "1/8", "--strength", 1, "--takes", 1, "--out", tmp_path / "out")
    assert run("continue", phrase, *words) == 0
    (path,) = (tmp_path / "out").iterdir()
    assert all(note.onset_ticks % 240 == 0 for note in read_midi(path).melody().notes)


def test_key_tempo_and_chords_can_be_given(phrase: Path, tmp_path: Path) -> None:
    words = ("--key", "A", "--tempo", 140, "--chords", "A | D | E7 | A", "--takes", 1)
    assert run("continue", phrase, *words, "--out", tmp_path / "out") == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "Solo 01 A 140bpm 8bars.mid"
    allowed = Key.parse("A").pitch_classes
    assert {note.pitch % 12 for note in read_midi(path).melody().notes} <= allowed


def test_another_tempo_keeps_every_time_signature(tmp_path: Path) -> None:
    meters = (MeterChange(0, 4, 4), MeterChange(1920, 3, 4))
    notes = tuple(Note(i * 480, 400, pitch) for i, pitch in enumerate(PITCHES))
    path = tmp_path / "phrase.mid"
    path.write_bytes(solo_bytes(Clip(notes, 4800), Timebase(meters=meters), None, "Phrase"))
    words = ("--tempo", 90, "--takes", 1, "--bars", 2, "--out", tmp_path / "out")
    assert run("continue", path, *words) == 0
    (solo,) = (tmp_path / "out").iterdir()
    timebase = read_midi(solo).timebase
    assert timebase.meters == (MeterChange(0, 3, 4),)
    assert round(timebase.tempos[0].bpm) == 90


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.mid",), "There is no file nothing.mid"),
        (("PHRASE", "--key", "H"), "is not a key"),
        (("PHRASE", "--chords", "Fm | Xx"), "is not a chord"),
        (("PHRASE", "--grid", "1/7"), "There is no grid"),
        (("PHRASE", "--model", "nobody"), "There is no model nobody"),
        (("PHRASE", "--out", "PHRASE"), "is a file, not a folder"),
        (("FOLDER",), "is not a file"),
        (("TEXT",), "is not a MIDI file"),
        (("SILENCE",), "There are no notes"),
    ],
)
def test_every_mishap_is_one_sentence_with_a_hint(
    words: tuple[str, ...],
    said: str,
    phrase: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    text, silence = tmp_path / "text.mid", tmp_path / "silence.mid"
    text.write_text("dear diary")
    silence.write_bytes(solo_bytes(Clip((), 1920), Timebase(), None, "Nothing"))
    places = {"PHRASE": phrase, "FOLDER": tmp_path, "TEXT": text, "SILENCE": silence}
    before = sorted(tmp_path.iterdir())
    assert run("continue", *(places.get(word, word) for word in words)) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
    assert output.err.count(". ") >= 1
    assert "Traceback" not in output.err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words", [("continue", "x.mid", "--bars", "0"), ("continue",), ("sing",), ("train", "x.mid")]
)
def test_a_wrong_command_line_is_one_sentence_that_names_the_help(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--help" in error


def test_training_without_sources_that_exist_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for recipe in ("classic", "solo"):
        out = tmp_path / recipe
        assert run("train", "--recipe", recipe, tmp_path / "nowhere", "--out", out) == 2
        assert "There is no f" in capsys.readouterr().err
        assert not out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "--recipe", "solo", "FILE", "--out", "new"), "FILE is a file, not a folder."),
        (
            ("train", "--recipe", "solo", "FILE", "--config", "FILE", "--out", "new"),
            "FILE is a file, not a folder.",
        ),
        (("train", "--recipe", "solo", "here", "--out", "FILE"), "FILE is a file, not a folder."),
        (("train", "--recipe", "classic", "here", "--out", "FILE"), "FILE is a file, not a folder"),
        (("evaluate", "solo-gru-2", "FILE"), "FILE is a file, not a folder."),
        (
            ("evaluate", "solo-gru-2", "here", "--learned-from", "FILE"),
            "FILE is a file, not a folder.",
        ),
        (("evaluate", "FILE", "here"), "FILE is a file, not a model's folder."),
        (("continue", "FILE", "--model", "FILE"), "FILE is a file, not a model's folder."),
    ],
)
def test_a_file_in_place_of_a_folder_is_called_one(
    words: tuple[str, ...],
    said: str,
    phrase: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "phrase.mid").write_bytes(phrase.read_bytes())
    before = sorted(tmp_path.iterdir())
    assert run(*(phrase.name if word == "FILE" else word for word in words)) == 2
    error = capsys.readouterr().err
    assert said.replace("FILE", phrase.name) in error
    assert "older" in error.partition("file, ")[2].partition(". ")[2], "no word on what to do"
    assert sorted(tmp_path.iterdir()) == before


def test_what_would_be_lost_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.toml").write_text("precious")
    monkeypatch.setattr("musicassist.training.solo.gather_folders", pytest.fail)
    assert run("train", "--recipe", "solo", tmp_path, "--out", tmp_path) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize("recipe", ["solo", "classic"])
def test_going_on_with_nothing_is_said_and_a_training_begins(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "music").mkdir()
    words = ("train", "--recipe", recipe, tmp_path / "music", "--out", tmp_path / "out", "--resume")
    assert run(*words, "--json") == 2
    event = json.loads(capsys.readouterr().out.splitlines()[0])
    assert event == {"event": "NothingToResume", "folder": str(tmp_path / "out")}
    assert run(*words) == 2
    said = capsys.readouterr()
    assert f"no training to go on with in {tmp_path / 'out'}" in said.out
    assert "to learn from" in said.err
    assert run(*words[:-1]) == 2
    assert "go on" not in capsys.readouterr().out


def test_leaving_by_ctrl_c_says_nothing(
    phrase: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("musicassist.app.music_file.read_music", interrupted)
    assert run("continue", phrase) == 130
    assert capsys.readouterr().err == ""


def test_a_training_left_by_ctrl_c_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "out" / "checkpoint" / "state.json"

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def interrupted_later(*_: object, **__: object) -> None:
        state.parent.mkdir(parents=True)
        state.write_text("{}", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("musicassist.training.solo.gather_folders", interrupted)
    assert run("train", "--recipe", "solo", tmp_path, "--out", tmp_path / "out") == 130
    assert "No epoch had ended" in capsys.readouterr().err
    monkeypatch.setattr("musicassist.training.solo.gather_folders", interrupted_later)
    assert run("train", "--recipe", "solo", tmp_path, "--out", tmp_path / "out") == 130
    assert "--resume" in capsys.readouterr().err


def test_devices_are_listed_for_people_and_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("devices") == 0
    text = capsys.readouterr().out
    for heading in ("MIDI", "Audio", "Sounds"):
        assert f"\n{heading}" in "\n" + text
    assert run("devices", "--json") == 0
    assert set(json.loads(capsys.readouterr().out)) == {"midi", "audio", "sound"}


def test_the_doctor_names_every_trouble_and_its_exit_code_says_whether_there_is_any(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = run("doctor", "--json")
    report = json.loads(capsys.readouterr().out)
    states = [finding["state"] for finding in report["findings"]]
    assert states.count("ok") > 3
    assert report["works"] is ("does not work" not in states)
    assert code == (0 if report["works"] else 1)
    assert all(
        finding["hint"] for finding in report["findings"] if finding["state"] == "does not work"
    )


def test_the_doctor_speaks_in_sentences_and_closes_with_the_sum(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def examine(_check_screen: object) -> list[Finding]:
        return [Finding("MIDI", "ok", "ALSA answers."), Finding("Sound", state, "It ran.", "Rest.")]

    monkeypatch.setattr("musicassist.checkup.doctor.examine", examine)
    state: State = "could be better"
    assert run("doctor") == 0
    assert capsys.readouterr().out.splitlines() == [
        "ok               ALSA answers.",
        "could be better  It ran.",
        "                 Rest.",
        "All that is needed works.",
    ]
    state = "does not work"
    assert run("doctor") == 1
    assert capsys.readouterr().out.endswith("\nOne thing does not work.\n")
