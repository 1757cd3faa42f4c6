"""The whole evaluation: what it finds, what it shows, and the command line."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from musicassist import cli
from musicassist.evaluation import command, report
from musicassist.evaluation.answers import Wishes
from musicassist.evaluation.groups import GROUP_NAMES
from musicassist.evaluation.players import Humans, Material
from musicassist.evaluation.report import Report, evaluate, json_for_programs, lines_for_people
from musicassist.evaluation.rows import Row
from musicassist.evaluation.statistics import draws_of_pieces
from musicassist.generation.fake import EchoSoloist
from tests.evaluation.made_up import Monkey, Walker, walking_piece, write_corpus

QUICK = ("likeness", "density", "harmony", "structure", "originality", "answer", "constraints")


def material(**changes: object) -> Material:
    pieces = tuple(walking_piece(number, is_held_back=True) for number in range(8))
    others = tuple(walking_piece(number) for number in range(20, 28))
    return Material(
        pieces,
        others,
        others,
        **{"n_questions": 12, "wishes": Wishes(is_key_locked=True), **changes},
    )


def silent(sentence: str) -> None:
    pass


def rows_of(report: Report) -> dict[str, Row]:
    return {f"{row.group}.{row.name}": row for row in report.rows}


@pytest.fixture(scope="module", autouse=True)
def _few_draws() -> Iterator[None]:
    """Draw a tenth of the bootstrap's samples, which take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "draws_of_pieces", partial(draws_of_pieces, n_draws=100))
        yield


@pytest.fixture(scope="module")
def compared() -> Report:
    return evaluate(Walker(), material(), QUICK, silent, Monkey())


def test_who_plays_like_the_humans_does_well(compared: Report) -> None:
    rows = rows_of(compared)
    assert rows["likeness.mean"].model.value > 0.85
    assert rows["density.notes_a_bar"].is_met
    assert rows["harmony.chord_scale"].is_met
    assert all(rows[f"constraints.{name}"].is_met for name in ("overlaps", "wrong_length"))
    for row in compared.rows:
        assert row.model is not None
        assert row.group == "constraints" or row.human is not None


def test_a_monkey_does_worse_and_the_difference_says_so(compared: Report) -> None:
    rows = rows_of(compared)
    assert rows["likeness.mean"].other.value < rows["likeness.mean"].model.value - 0.2
    for name in ("likeness.mean", "harmony.chord_scale", "answer.intervals"):
        assert rows[name].difference.interval[0] > 0, name
    monkeys = rows_of(evaluate(Monkey(), material(), QUICK, silent))
    assert monkeys["likeness.mean"].is_met is False
    assert monkeys["density.notes_a_bar"].is_met is False
    assert monkeys["harmony.chord_scale"].is_met is False
    assert monkeys["constraints.outside_key_and_chords"].is_met is False
    assert monkeys["answer.intervals"].is_met is False


def test_humans_stand_beside_other_humans(compared: Report) -> None:
    human = rows_of(compared)["likeness.mean"].human
    assert human is not None
    assert human.value > 0.8
    halves = Material(material().pieces, (), ())
    rows = rows_of(evaluate(Walker(), halves, ("likeness", "originality"), silent))
    assert rows["likeness.mean"].human.value > 0.7
    assert rows["originality.originality"].model is None
    assert "--learned-from" in rows["originality.originality"].verdict


def test_what_needs_a_reader_is_measured_with_one_and_reasoned_without() -> None:
    groups = ("prediction", "choice")
    rows = rows_of(evaluate(Walker(), material(), groups, silent))
    assert rows["prediction.note"].model.value > 1
    assert rows["choice.as_played"].unit == "share right"
    without = evaluate(EchoSoloist(), material(), groups, silent).rows
    assert [row.name for row in without] == ["prediction", "choice"]
    for row in without:
        assert row.model is None
        assert row.is_met is None
        assert "does not say how likely" in row.verdict


def test_same_seed_same_report() -> None:
    groups = ("density", "harmony")
    one, again, other = (
        evaluate(Walker(), material(wishes=Wishes(seed)), groups, silent) for seed in (1, 1, 2)
    )
    assert json_for_programs(one) == json_for_programs(again)
    assert json_for_programs(one) != json_for_programs(other)


def test_copying_what_was_learned_is_seen() -> None:
    class Parrot(Walker):
        def notes(self, rng, n_bars):
            piece = walking_piece(20)
            inside = piece.line.onsets < n_bars * 96
            notes = super().notes(rng, n_bars)
            rows = zip(piece.line.onsets[inside], piece.line.pitches[inside], strict=True)
            return tuple(type(notes[0])(int(at) * 20, 240, int(pitch)) for at, pitch in rows)

    rows = rows_of(evaluate(Parrot(), material(), ("originality",), silent))
    assert rows["originality.longest_run"].model.value > 30
    assert rows["originality.longest_run"].is_met is False
    assert rows["originality.beyond_human_p95"].model.value == 1.0
    assert rows["originality.8_grams"].model.value == 1.0


def test_answers_are_spread_over_all_pieces_when_few_are_wanted() -> None:
    passages = Humans(material(n_answers=8)).passages
    assert len(passages) == 8
    assert len({each.piece for each in passages}) == 8


def test_the_json_is_as_documented(compared: Report) -> None:
    data = json.loads(json_for_programs(compared))
    assert list(data) == ["format", "model", "other", "facts", "rows"]
    assert (data["format"], data["model"], data["other"]) == (1, "walker", "monkey")
    assert data["facts"]["n_pieces"] == 8
    for row in data["rows"]:
        assert list(row) == [
            *("group", "name", "unit", "goal", "is_met", "verdict", "model", "human"),
            *("human_quartiles", "human_percentile_95", "other", "difference"),
        ]
        for name in ("model", "other", "difference"):
            assert set(row[name]) == {"value", "interval"}


def test_the_table_has_a_line_for_every_row(compared: Report) -> None:
    lines = lines_for_people(compared)
    for row in compared.rows:
        assert any(line.strip().startswith(row.name) for line in lines)
    assert any(line.startswith("LIKENESS") for line in lines)
    assert "goals are met" in lines[-1]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    monkeypatch.setattr(command, "open_soloist", lambda path: EchoSoloist())
    return folder


def run(*words: object) -> int:
    return cli.main([str(word) for word in words])


def test_the_command_measures_a_folder_of_midi_files(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", 4)
    (corpus / "noise.mid").write_bytes(b"not MIDI")
    words = ("evaluate", model, corpus, "--answers", 6, "--learned-from", corpus)
    assert run(*words, "--json") == 0
    output = capsys.readouterr()
    data = json.loads(output.out)
    assert {row["group"] for row in data["rows"]} == set(GROUP_NAMES)
    assert data["facts"]["n_passages"] == 6
    assert "Skipped noise.mid" in output.err
    assert "echo: 6 of 6 answers." in output.err


def test_chosen_rows_and_another_model_beside(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", 3)
    words = ("--rows", "density,answer", "--compare", model, "--answers", 4, "--locked")
    assert run("evaluate", model, corpus, *words) == 0
    out = capsys.readouterr().out
    assert "notes_a_bar" in out
    assert "difference" in out
    assert "LIKENESS" not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "CORPUS"), "There is no model nobody"),
        (("EMPTY", "CORPUS"), "holds no model"),
        (("MODEL", "nowhere"), "There is no folder nowhere"),
        (("MODEL", "EMPTY"), "There is no music"),
        (("MODEL", "SHORT"), "There is no stretch of 12 bars"),
        (("MODEL", "CORPUS", "--rows", "beauty"), "There are no rows 'beauty'"),
        (("MODEL", "CORPUS", "--learned-from", "nowhere"), "There is no folder nowhere"),
        (("MODEL", "CORPUS", "--compare", "nobody"), "There is no model nobody"),
    ],
)
def test_every_mishap_is_one_sentence_with_a_hint(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    model, empty = tmp_path / "model", tmp_path / "empty"
    model.mkdir()
    empty.mkdir()
    if words[0] != "EMPTY":
        monkeypatch.setattr(command, "open_soloist", lambda path: EchoSoloist())
    corpus = write_corpus(tmp_path / "corpus", 1, 16)
    short = write_corpus(tmp_path / "short", 1, 8)
    places = {"MODEL": model, "CORPUS": corpus, "EMPTY": empty, "SHORT": short}
    assert run("evaluate", *(places.get(word, word) for word in words)) == 2
    output = capsys.readouterr()
    assert output.out == ""
    mishap = output.err.splitlines()[-1]
    assert said in mishap
    assert mishap.count(". ") >= 1
    assert "Traceback" not in output.err


def test_ctrl_c_is_answered_with_one_sentence(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(EchoSoloist, "continue_phrase", interrupted)
    corpus = write_corpus(tmp_path / "corpus", 1, 16)
    assert run("evaluate", model, corpus, "--rows", "density") == 130
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.splitlines()[-1].startswith("musicassist: The evaluation was stopped")
