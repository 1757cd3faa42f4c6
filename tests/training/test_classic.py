"""The author's experiment, in small: files in, a model that plays out."""

import json
from dataclasses import replace

import numpy as np
import pytest

from musicassist.errors import InputError, OutputError, TrainingError, UserCancelled
from musicassist.generation.model_store import load_manifest, load_tensors, open_soloist
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.training.classic import train_classic
from musicassist.training.classic_network import ClassicTraining, windows_of
from musicassist.training.keras_import import import_keras
from musicassist.training.progress import (
    EpochEnded,
    FileRead,
    FileSkipped,
    ModelSaved,
    TrainingStarted,
    json_line,
    sentence,
)

pytest.importorskip("keras")
pytest.importorskip("music21")
pytest.importorskip("onnx")

# TensorFlow's variables do not know NumPy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TINY = ClassicTraining(epochs=2, units=6, dense_units=8)
PRIMER = Clip(tuple(Note(480 * index, 480, 60 + index) for index in (0, 2, 4, 5)), 2880)


@pytest.fixture(scope="module", params=["lstm", "gru"])
def trained(request, tune_file, tmp_path_factory):
    """A model folder, and what was told while it was made."""
    folder = tmp_path_factory.mktemp("models") / f"tiny_{request.param}"
    told = []
    training = replace(TINY, cell=request.param)
    train_classic([tune_file], folder, training, licence="made for a test", report=told.append)
    return folder, told


@pytest.mark.training
def test_training_leaves_a_model_that_says_what_it_is(trained):
    folder, _ = trained
    manifest = load_manifest(folder)
    assert manifest.recipe == "classic"
    assert manifest.cell in folder.name
    assert manifest.cell.upper() in manifest.operators
    assert [(source.name, source.licence) for source in manifest.data] == [
        ("tune.mid", "made for a test")
    ]
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "tune.mid" in card
    assert f"--cell {manifest.cell}" in card
    assert load_tensors(folder, manifest)["words"].tolist()[0] == "0.4.7"


@pytest.mark.training
def test_the_exported_graph_equals_the_keras_network(trained):
    folder, _ = trained
    assert 0 <= load_manifest(folder).figures["parity_with_keras"] <= 1e-5


@pytest.mark.training
def test_training_tells_of_files_epochs_and_model(trained):
    folder, told = trained
    kinds = [type(event) for event in told]
    assert kinds == [FileRead, TrainingStarted, EpochEnded, EpochEnded, ModelSaved]
    started = told[1]
    assert (started.n_examples, started.n_held_back, started.first_epoch) == (22, 0, 1)
    assert told[-1].folder == folder


@pytest.mark.training
def test_the_trained_model_continues_a_phrase(trained):
    folder, _ = trained
    soloist = open_soloist(folder)
    solos = soloist.continue_phrase(
        SoloRequest(PRIMER, Timebase.steady(120), n_bars=2, n_takes=2, surprise=0)
    )
    assert soloist.model_id == folder.name
    assert [solo.clip.length_ticks for solo in solos] == [3840, 3840]
    assert all(solo.clip.notes for solo in solos)


@pytest.mark.training
def test_training_goes_on_from_its_checkpoint(tune_file, tmp_path):
    folder = tmp_path / "model"
    first, second = [], []
    train_classic([tune_file], folder, TINY, report=first.append)
    more = replace(TINY, epochs=4)
    train_classic([tune_file], folder, more, resume=True, report=second.append)
    epochs = [event.epoch for event in (*first, *second) if isinstance(event, EpochEnded)]
    assert epochs == [1, 2, 3, 4]
    figures = load_manifest(folder).figures
    assert figures["n_epochs"] == 4
    losses = {e.epoch: e.loss for e in (*first, *second) if isinstance(e, EpochEnded)}
    assert figures["best_epoch"] == min(losses, key=losses.get)
    assert figures["best_checked_loss"] == pytest.approx(min(losses.values()), abs=1e-4)
    assert open_soloist(folder).model_id == "model"


@pytest.mark.training
def test_a_stopped_training_is_resumed_where_it_was(tune_file, tmp_path):
    folder = tmp_path / "model"
    told = []

    def is_second_epoch():
        return any(isinstance(event, EpochEnded) for event in told)

    with pytest.raises(UserCancelled):
        train_classic([tune_file], folder, TINY, report=told.append, should_stop=is_second_epoch)
    assert not (folder / "manifest.toml").exists()
    told.clear()
    train_classic([tune_file], folder, TINY, resume=True, report=told.append)
    assert [event.epoch for event in told if isinstance(event, EpochEnded)] == [2]
    assert (folder / "manifest.toml").exists()


@pytest.mark.training
def test_a_checkpoint_is_not_mixed_with_other_settings(tune_file, tmp_path):
    folder = tmp_path / "model"
    train_classic([tune_file], folder, replace(TINY, epochs=1))
    with pytest.raises(TrainingError, match="other settings"):
        train_classic([tune_file], folder, replace(TINY, cell="gru"), resume=True)
    with pytest.raises(OutputError, match="already") as caught:
        train_classic([tune_file], folder, TINY)
    assert "--resume" in caught.value.hint
    (folder / "checkpoint" / "state.json").write_text("{", encoding="utf-8")
    with pytest.raises(TrainingError, match="cannot be read"):
        train_classic([tune_file], folder, TINY, resume=True)
    (folder / "checkpoint" / "state.json").unlink()
    with pytest.raises(OutputError, match="no checkpoint"):
        train_classic([tune_file], folder, TINY, resume=True)


@pytest.mark.training
def test_held_back_windows_decide_when_asked_to(tune_file, tmp_path):
    told = []
    training = replace(TINY, epochs=1, held_back_share=0.5)
    train_classic([tune_file], tmp_path / "model", training, report=told.append)
    assert told[1].n_held_back == 11
    assert told[2].held_back_loss is not None


def test_too_few_notes_are_counted_in_the_error(tmp_path, write_midi):
    path = write_midi(tmp_path / "short.mid", [[60 + index % 5] for index in range(50)])
    with pytest.raises(InputError, match=r"50 notes .* more than 50"):
        train_classic([path], tmp_path / "model", TINY)


def test_an_unwritable_folder_is_found_out_before_anything_is_read(tune_file, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    told = []
    with pytest.raises(OutputError, match="cannot be written"):
        train_classic([tune_file], tmp_path / "file" / "model", TINY, report=told.append)
    assert told == []


def test_without_the_extra_a_hint_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="keras") as caught:
        import_keras()
    assert "--extra train" in caught.value.hint


def test_windows_slide_by_one_and_name_the_note_after():
    windows, targets = windows_of(np.array([0, 1, 2, 3, 4]), 3, 10)
    np.testing.assert_allclose(windows[:, :, 0], [[0, 0.1, 0.2], [0.1, 0.2, 0.3]], atol=1e-7)
    assert targets.tolist() == [3, 4]


@pytest.mark.parametrize("changes", [{"cell": "rnn"}, {"epochs": 0}, {"held_back_share": 0.9}])
def test_impossible_settings_are_refused(changes):
    with pytest.raises(ValueError, match=r"'rnn'|at least 1"):
        replace(TINY, **changes)


def test_every_event_is_a_json_line_and_a_sentence(tmp_path):
    events = [
        FileRead("a.mid", 3, 1, 2),
        FileSkipped("b.mid", "It is no MIDI file."),
        TrainingStarted(10, 2, 5, 1000, 1),
        EpochEnded(1, 2, 1.5, None, True, 0.5),
        EpochEnded(2, 2, 1.25, 2.5, False, 0.5),
        ModelSaved(tmp_path, 1e-7),
    ]
    for event in events:
        line = json_line(event)
        assert "\n" not in line
        assert json.loads(line)["event"] == type(event).__name__
        assert "\n" not in sentence(event)
