"""A real, tiny training of the solo recipe: from tables to a model that plays."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from musicassist.errors import ModelError, OutputError, TrainingError
from musicassist.generation.model_store import load_manifest, open_soloist
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.training.progress import EpochEnded, ModelSaved, TrainingEvent
from musicassist.training.solo import SoloTraining, gather_pieces, train_solo
from musicassist.training.solo_network import NetworkSizes
from musicassist.training.solo_windows import WindowOptions

TINY = WindowOptions(n_notes=12, n_windows=4)
Writer = Callable[..., None]
PHRASE = Clip(tuple(Note(i * 480, 400, 60 + 2 * i) for i in range(4)), 1920)


def tiny(cell: str, n_epochs: int = 2) -> SoloTraining:
    sizes = NetworkSizes(cell=cell, n_units=12, n_layers=2, n_head_units=6)
    return SoloTraining(sizes=sizes, windows=TINY, epochs=n_epochs, n_batches=3)


@pytest.mark.training
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_training_ends_in_a_model_that_plays_what_keras_learned(
    tmp_path: Path, write_weimar: Writer, cell: str
) -> None:
    data, out = tmp_path / "data", tmp_path / "mine"
    data.mkdir()
    write_weimar(data)
    told: list[TrainingEvent] = []
    train_solo([data], out, tiny(cell), report=told.append)
    manifest = load_manifest(out)
    assert manifest.cell == cell
    assert float(manifest.figures["parity_with_keras"]) < 1e-5
    assert {"GRU", "LSTM"} & set(manifest.operators) == {cell.upper()}
    assert [type(event) for event in told][-3:] == [EpochEnded, EpochEnded, ModelSaved]
    solos = open_soloist(out).continue_phrase(SoloRequest(PHRASE, Timebase(), n_bars=2))
    assert len(solos) == 4
    assert all(solo.clip.notes and solo.model_id == "mine" for solo in solos)


@pytest.mark.training
def test_training_goes_on_where_it_stopped(tmp_path: Path, write_weimar: Writer) -> None:
    data, out = tmp_path / "data", tmp_path / "mine"
    data.mkdir()
    write_weimar(data)
    train_solo([data], out, tiny("gru", 1))
    told: list[TrainingEvent] = []
    train_solo([data], out, tiny("gru", 3), resume=True, report=told.append)
    assert [event.epoch for event in told if isinstance(event, EpochEnded)] == [2, 3]


@pytest.mark.training
def test_a_folder_that_holds_a_model_is_not_overwritten(
    tmp_path: Path, write_weimar: Writer
) -> None:
    data, out = tmp_path / "data", tmp_path / "mine"
    data.mkdir()
    write_weimar(data)
    out.mkdir()
    (out / "manifest.toml").write_text("precious")
    with pytest.raises(OutputError):
        train_solo([data], out, tiny("gru"))
    assert (out / "manifest.toml").read_text() == "precious"


def test_too_little_to_learn_from_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="too little"):
        train_solo([tmp_path], tmp_path / "mine", tiny("gru"))


def test_a_held_back_tune_is_not_learned_under_another_spelling(
    tmp_path: Path, write_weimar: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_weimar(tmp_path)
    held_back, *learned = gather_pieces([tmp_path])
    sheet = replace(learned[0], tune=held_back.tune.replace(" ", "_").upper())
    pieces = [held_back, sheet, *learned[1:]]
    monkeypatch.setattr("musicassist.training.solo.read_corpus", lambda folder: iter(pieces))
    assert gather_pieces([tmp_path]) == [held_back, *learned[1:]]


def test_a_model_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(
        'format_version = 1\nmodel_id = "x"\ntitle = "x"\nrecipe = "solo"\ncell = "gru"\n'
        "encoding_version = 99\noperators = []\n[sizes]\n[figures]\n"
    )
    with pytest.raises(ModelError, match="another version"):
        open_soloist(tmp_path)
