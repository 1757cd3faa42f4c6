"""From phrases in files to solos in files, played by an echo that remembers what it was asked."""

from pathlib import Path

import pytest

from musicassist import cli
from musicassist.files.smf_read import read_midi
from musicassist.files.smf_write import solo_bytes
from musicassist.generation.characters import all_characters, character_named
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import QUALITIES, Manner
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase
from tests.corpus.conftest import write_lead_sheet

PITCHES = (65, 68, 72, 70, 68, 67, 65, 60)


class Listening(EchoSoloist):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[SoloRequest] = []

    def continue_phrase(self, request: SoloRequest, *args: object) -> tuple[Solo, ...]:  # type: ignore[override]
        self.requests.append(request)
        return super().continue_phrase(request)


@pytest.fixture
def soloist(monkeypatch: pytest.MonkeyPatch) -> Listening:
    listening = Listening()
    monkeypatch.setattr(
        "musicassist.generation.model_store.open_soloist", lambda _folder: listening
    )
    return listening


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    notes = tuple(Note(i * 480, 200, pitch, 70 + 4 * i) for i, pitch in enumerate(PITCHES))
    return written(tmp_path / "phrase.mid", Clip(notes, 3840))


def written(path: Path, clip: Clip, timebase: Timebase | None = None) -> Path:
    timebase = timebase or Timebase.steady(97)
    path.write_bytes(solo_bytes(clip, timebase, Key.parse("Fm"), path.stem))
    return path


def run(*words: object) -> int:
    return cli.main(["continue", *(str(word) for word in words)])


def notes_in(path: Path) -> tuple[Note, ...]:
    return read_midi(path).melody().notes


def one_solo(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_without_wishes_everything_is_left_to_the_phrase(
    soloist: Listening, phrase: Path, tmp_path: Path
) -> None:
    assert run(phrase, "--out", tmp_path / "out") == 0
    (request,) = soloist.requests
    assert request.manner == Manner()
    assert (request.style, request.surprise, request.furthest_leap) == ("", 0.5, 16)
    assert (request.lowest_pitch, request.highest_pitch) == (36, 96)
    assert not request.has_pickup
    assert request.is_key_locked


def test_a_character_is_a_starting_point_and_the_command_line_has_the_last_word(
    soloist: Listening, phrase: Path, tmp_path: Path
) -> None:
    character = character_named("blues-rock")
    words = ("--character", "Blues rock", "--out", tmp_path / "out")
    assert run(phrase, *words) == 0
    moved = ("--density", 80, "--repetition", "free", "--swing", 0, "--leap", 5, "--surprise", 0.9)
    assert run(phrase, *words, *moved, "--range", "C3", "A4", "--pickup", "--free") == 0
    plain, changed = soloist.requests
    assert (plain.style, plain.manner, plain.surprise) == ("rock", character.manner, 0.45)
    assert (plain.lowest_pitch, plain.highest_pitch, plain.furthest_leap) == (52, 88, 12)
    assert plain.kept_key(plain.key) == Key.parse("F blues")
    assert (changed.manner.density, changed.manner.repetition, changed.manner.swing) == (
        0.8,
        None,
        0,
    )
    assert changed.manner.register == character.manner.register
    assert (changed.lowest_pitch, changed.highest_pitch, changed.furthest_leap) == (60, 81, 5)
    assert (changed.surprise, changed.has_pickup, changed.is_key_locked) == (0.9, True, False)
    assert changed.kept_key(changed.key) == changed.key == Key.parse("Fm")


def test_it_is_said_what_was_heard_and_how_to_get_more(
    soloist: Listening, phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(phrase, "--takes", 2, "--bars", 1, "--out", tmp_path / "out") == 0
    said = capsys.readouterr()
    names = [path.name for path in sorted((tmp_path / "out").iterdir())]
    for line, name, solo_seed in zip(said.out.splitlines(), names, (1, 2), strict=True):
        path, facts = line.split("  ")
        assert Path(path).name == name
        n_notes = len(notes_in(Path(path)))
        assert facts == f"{n_notes} notes in 1 bar, seed {solo_seed}"
    heard, more = said.err.splitlines()
    assert heard == "Played in F minor (as the file says)", "an echo hears no chords"
    assert "--takes 1 --seed" in more
    assert "--vary" in more


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        (("--key", "Bb"), "Bb major (as given)"),
        (("--character", "blues-rock"), "F minor (as the file says), with the notes of F blues"),
        (
            ("--chords", "Fm | Db Eb7"),
            "F minor (as the file says); chords Fm | Db Eb7 || Fm | Db Eb7 (as given)",
        ),
    ],
)
def test_what_was_given_is_told_as_given(
    soloist: Listening,
    phrase: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    heard: str,
) -> None:
    assert run(phrase, *words, "--bars", 2, "--out", tmp_path / "out") == 0
    assert capsys.readouterr().err.splitlines()[0] == f"Played in {heard}"


def test_a_key_that_nobody_wrote_was_found(
    soloist: Listening, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tuple(Note(i * 480, 200, pitch) for i, pitch in enumerate(PITCHES))
    path = tmp_path / "nobody.mid"
    path.write_bytes(solo_bytes(Clip(notes, 3840), Timebase(), None, "Phrase"))
    assert run(path, "--out", tmp_path / "out") == 0
    assert capsys.readouterr().err.splitlines()[0] == "Played in F minor (found in the phrase)"


def test_the_chords_told_are_those_that_were_played_over(
    phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the shipped model: asked again with the chords it told of, it plays the same."""
    from musicassist.generation.model_store import open_soloist
    from musicassist.paths import models_folder

    asked = ("--takes", 2, "--bars", 4, "--seed", 7)
    assert run(phrase, *asked, "--out", tmp_path / "heard") == 0
    said = capsys.readouterr()
    heard = said.err.splitlines()[0]
    assert heard.startswith("Played in F minor (as the file says); chords ")
    assert heard.endswith(" (found in the phrase)")
    chords = heard.partition("; chords ")[2].removesuffix(" (found in the phrase)")
    assert chords.count("|") == 6
    assert run(phrase, *asked, "--chords", chords, "--out", tmp_path / "given") == 0
    told = [notes_in(path) for path in sorted((tmp_path / "heard").iterdir())]
    assert [notes_in(path) for path in sorted((tmp_path / "given").iterdir())] == told
    request = SoloRequest(
        read_midi(phrase).melody(), Timebase.steady(97), Key.parse("Fm"), None, 4, 2, 7
    )
    own = open_soloist(models_folder() / cli.DEFAULT_MODEL).continue_phrase(request)
    assert [tuple(map(pitch_and_place, solo.clip.notes)) for solo in own] == [
        tuple(map(pitch_and_place, notes)) for notes in told
    ]


def pitch_and_place(note: Note) -> tuple[int, int, int]:
    return note.onset_ticks, note.duration_ticks, note.pitch


def test_a_solo_is_made_again_by_its_seed_as_told(
    phrase: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the shipped model, for solos, bars made anew and variations."""
    assert run(phrase, "--bars", 3, "--out", tmp_path / "first") == 0
    a_solo = tmp_path / "first" / "Solo 01 Fm 97bpm 3bars.mid"
    capsys.readouterr()
    for words in (("--bars", 2), ("--regenerate", "2", "--from", a_solo), ("--vary", a_solo)):
        assert run(phrase, *words, "--takes", 3, "--out", tmp_path / str(words)) == 0
        for line in capsys.readouterr().out.splitlines():
            path, facts = line.split("  ")
            seed = facts.rpartition(" ")[2]
            again = tmp_path / f"{words} {seed}"
            assert run(phrase, *words, "--takes", 1, "--seed", seed, "--out", again) == 0
            capsys.readouterr()
            assert notes_in(one_solo(again)) == notes_in(Path(path))


def test_a_character_that_strays_can_be_kept_in_key(
    soloist: Listening, phrase: Path, tmp_path: Path
) -> None:
    for words in ((), ("--in-key",)):
        assert run(phrase, "--character", "jazz-lines", *words, "--out", tmp_path / "out") == 0
    assert [request.is_key_locked for request in soloist.requests] == [False, True]


def test_every_quality_has_an_option(soloist: Listening, phrase: Path, tmp_path: Path) -> None:
    words = [word for quality in QUALITIES for word in (f"--{quality.replace('_', '-')}", "25")]
    assert run(phrase, *words, "--out", tmp_path / "out") == 0
    assert soloist.requests[0].manner == Manner(**dict.fromkeys(QUALITIES, 0.25))


def test_a_pickup_gets_a_bar_of_its_own_in_the_file(
    soloist: Listening, phrase: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(phrase, "--pickup", "--takes", 1, "--bars", 4, "--out", out) == 0
    assert one_solo(out).name == "Solo 01 Fm 97bpm 5bars.mid"
    assert notes_in(one_solo(out))[0].onset_ticks == 1920 - 240


@pytest.mark.parametrize("has_pickup", [False, True])
def test_bars_made_anew_leave_the_rest_of_the_file_alone(
    soloist: Listening, phrase: Path, tmp_path: Path, has_pickup: bool
) -> None:
    led = ("--pickup",) if has_pickup else ()
    chords = ("--chords", "Fm | Db | Eb7 | C7")
    assert run(phrase, *led, *chords, "--takes", 1, "--seed", 3, "--out", tmp_path / "out") == 0
    old = one_solo(tmp_path / "out")
    words = ("--regenerate", "5-6", "--from", old, "--seed", 9, "--takes", 2)
    assert run(phrase, *led, *chords, *words, "--out", tmp_path / "new") == 0
    first, second = sorted((tmp_path / "new").iterdir())
    assert first.name == old.name
    start_ticks = (5 if has_pickup else 4) * 1920
    end_ticks = start_ticks + 2 * 1920
    before = notes_in(old)
    for path in (first, second):
        after = notes_in(path)
        assert {n for n in before if n.end_ticks <= start_ticks} <= set(after)
        assert {n for n in before if n.onset_ticks >= end_ticks} <= set(after)
        assert read_midi(path).tracks[0].clip.length_ticks == (start_ticks // 1920 + 4) * 1920
    assert notes_in(first) != notes_in(second)
    fresh, *asked = soloist.requests
    assert [request.seed for request in asked] == [request.seed_of(0) for request in asked]
    assert len({request.seed for request in asked}) == 2
    for request in asked:
        assert request.answer_start_ticks == fresh.answer_start_ticks + 4 * 1920
        assert request.follows is not None
        assert request.progression is not None
        chord = request.progression.chord_at(request.answer_start_ticks)
        assert chord is not None
        assert chord.text == "Eb7"


def test_variations_keep_the_length_and_say_how_near_they_are(
    soloist: Listening, phrase: Path, tmp_path: Path
) -> None:
    assert run(phrase, "--takes", 1, "--bars", 3, "--out", tmp_path / "out") == 0
    old = one_solo(tmp_path / "out")
    words = ("--vary", old, "--takes", 2, "--seed", 5)
    assert run(phrase, *words, "--nearness", 1, "--out", tmp_path / "near") == 0
    assert run(phrase, *words, "--out", tmp_path / "half") == 0
    assert [request.nearness for request in soloist.requests] == [0.5, 1.0, 0.5]
    near = sorted((tmp_path / "near").iterdir())
    assert len(near) == 2
    assert notes_in(near[0]) == notes_in(old)
    for path in (tmp_path / "half").iterdir():
        assert read_midi(path).tracks[0].clip.length_ticks == 3 * 1920
        assert notes_in(path) != notes_in(old)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--character", "blus-rock"), "Perhaps: blues-rock."),
        (("--character", ""), "Choose one of: "),
        (("--range", "C3", "B3"), "less than an octave"),
        (("--range", "A5", "E2"), "less than an octave"),
        (("--regenerate", "5-6"), "--from belong together"),
        (("--from", "SOLO"), "--from belong together"),
        (("--regenerate", "2-4", "--from", "SOLO"), "solo.mid has 3 bars. Name bars from 1 to 3."),
        (("--regenerate", "1", "--from", "gone.mid"), "There is no file gone.mid"),
        (("--regenerate", "1", "--from", "SOLO", "--vary", "SOLO"), "two jobs"),
        (("--nearness", "0.5"), "with --vary only"),
        (("--vary", "WALTZ"), "waltz.mid is in 3/4, but the phrase goes on in 4/4"),
        (("--vary", "SOLO", "--pickup"), "does not begin with a pickup"),
        (("--vary", "LONG"), "more than 64 bars"),
    ],
)
def test_every_mishap_is_one_sentence_with_a_hint(
    soloist: Listening,
    phrase: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    bars = tuple(Note(bar * 1920, 480, 60) for bar in range(65))
    places = {
        "SOLO": written(tmp_path / "solo.mid", Clip(bars[:3], 3 * 1920)),
        "LONG": written(tmp_path / "long.mid", Clip(bars, 65 * 1920)),
        "WALTZ": written(
            tmp_path / "waltz.mid", Clip((Note(0, 480, 60),), 1440), Timebase.steady(97, 3, 4)
        ),
    }
    before = sorted(tmp_path.iterdir())
    assert run(phrase, *(places.get(word, word) for word in words)) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ("--density", "120"),
        ("--range", "C3"),
        ("--leap", "0"),
        ("--regenerate", "6-5"),
        ("--free", "--in-key"),
    ],
)
def test_a_wrong_option_is_one_sentence_that_names_the_help(
    phrase: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(phrase, *words)
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--help" in error


def test_the_characters_are_told_about_with_and_without_a_phrase(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        run("--list-characters")
    assert left.value.code == 0
    listed = capsys.readouterr().out
    assert cli.main(["characters"]) == 0
    assert capsys.readouterr().out == listed
    for character in all_characters():
        assert f"{character.title} ({character.character_id})" in listed
    assert max(map(len, listed.splitlines())) <= 96


def test_a_score_is_continued_in_its_key_and_over_its_chords(
    tmp_path: Path, soloist: Listening
) -> None:
    path = tmp_path / "tune.musicxml"
    write_lead_sheet(path)
    assert run(path, "--out", tmp_path / "solos") == 0
    (request,) = soloist.requests
    assert request.key == Key.parse("F")
    assert request.progression is not None
    assert request.progression.changes[0][1].text == "F7"
    assert len(request.primer.notes) == 33


def test_a_damaged_score_is_one_sentence(
    tmp_path: Path, soloist: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tune.musicxml"
    path.write_text("<score-partwise><part>")
    assert run(path) != 0
    assert "no MusicXML that makes sense" in capsys.readouterr().err
    assert not soloist.requests
