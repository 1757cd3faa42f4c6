"""The model folder says what the Keras network says, and plays from what it was trained on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musicassist.corpus.piece import Piece
from musicassist.errors import ModelError, TrainingError
from musicassist.generation.encoding import ENCODING_VERSION, Line, Setting
from musicassist.generation.features import SCHEME
from musicassist.generation.hearing import hear, line_costs
from musicassist.generation.model_store import (
    CARD_NAME,
    DataSource,
    load_manifest,
    load_tensors,
    open_soloist,
)
from musicassist.generation.solo_network import (
    PROOF_NAME,
    SoloNetwork,
    largest_difference,
    open_network,
)
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import Manner
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.training.solo_model import FILE_NAMES, head_tensors, write_model
from musicassist.training.solo_windows import WindowOptions, steady_batches

pytestmark = pytest.mark.training

CELLS = ("gru", "lstm")
N_NOTES = 30
DATA = [DataSource("my_solos", "CC0 1.0"), DataSource("my_tunes", "made for this")]


@pytest.fixture(scope="module")
def folders(tiny_networks: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model folder of each cell's tiny network."""
    written = {}
    for cell, (network, sizes) in tiny_networks.items():
        written[cell] = tmp_path_factory.mktemp("models") / f"tiny-{cell}"
        written[cell].mkdir()
        write_model(written[cell], network, sizes, "", DATA, {"n_epochs": 7, "n_notes": 123})
    return written


def made_up_piece() -> Piece:
    """Return a piece that repeats itself, so that memory has something to find."""
    rng = np.random.Generator(np.random.PCG64(8))
    motif = [60, 63, 67, 65, 60, 70]
    line = Line(
        np.cumsum(rng.choice([3, 12, 12, 24, 40], N_NOTES)) + 5,
        np.array(motif * 3 + [pitch + 3 for pitch in motif] * 2),
        rng.integers(0, 20, N_NOTES),
        rng.integers(-1, 49, N_NOTES),
    )
    progression = parse_progression("Cm7 | F7 | NC", Timebase())
    return Piece("ours", "ours", line, Setting.of(progression, Key.parse("Cm"), style=1))


@pytest.mark.parametrize("cell", CELLS)
def test_a_folder_holds_all_and_says_so(folders: dict[str, Path], cell: str) -> None:
    folder = folders[cell]
    manifest = load_manifest(folder)
    assert {file.name for file in manifest.files} == set(FILE_NAMES)
    assert {path.name for path in folder.iterdir()} == {*FILE_NAMES, "manifest.toml", CARD_NAME}
    assert (manifest.model_id, manifest.recipe, manifest.cell) == (f"tiny-{cell}", "solo", cell)
    assert manifest.encoding_version == ENCODING_VERSION
    assert manifest.title == f"tiny-{cell} (solo {cell.upper()})"
    assert manifest.sizes["units"] == 10
    assert cell.upper() in manifest.operators
    assert manifest.figures["n_notes"] == 123
    card = (folder / CARD_NAME).read_text(encoding="utf-8")
    for words in (manifest.title, "`my_solos`: CC0 1.0", "`my_tunes`: made for this", "n_notes"):
        assert words in card


@pytest.mark.parametrize("cell", CELLS)
def test_the_proof_shows_that_keras_said_the_same(folders: dict[str, Path], cell: str) -> None:
    manifest = load_manifest(folders[cell])
    network = open_network(folders[cell], manifest)
    proof = load_tensors(folders[cell], manifest, PROOF_NAME)
    assert largest_difference(network, proof) < 1e-5
    assert float(manifest.figures["parity_with_keras"]) < 1e-5
    broken = dict(proof) | {"pitch_nats": proof["pitch_nats"] + 0.5}
    assert largest_difference(network, broken) == pytest.approx(0.5, abs=1e-3)
    silent = dict(proof) | {"after": np.zeros_like(proof["after"])}
    assert largest_difference(network, silent) > 1e-3


@pytest.mark.parametrize("cell", CELLS)
def test_a_line_costs_the_model_what_it_cost_in_training(
    tiny_networks: Any, folders: dict[str, Path], cell: str
) -> None:
    """From notes to nats by both ways: the features, the network and the memory are the same."""
    piece = made_up_piece()
    options = WindowOptions(n_notes=N_NOTES, n_windows=1)
    ((inputs, _, weights),) = steady_batches([piece], options)
    expected = tiny_networks[cell][0](inputs, training=False)
    network = open_network(folders[cell], load_manifest(folders[cell]))
    costs = line_costs(network, piece.line, piece.setting)
    for factor in SCHEME.factors:
        judged = weights[factor][0] > 0
        assert judged.sum() > 20
        apart = np.abs(np.asarray(expected[factor])[0] - costs[factor])[judged]
        assert apart.max() < 1e-5
        assert (costs[factor][~judged] == 0).all()


@pytest.mark.parametrize("cell", CELLS)
def test_the_exported_trunk_steps_as_it_runs(folders: dict[str, Path], cell: str) -> None:
    network = open_network(folders[cell], load_manifest(folders[cell]))
    rng = np.random.Generator(np.random.PCG64(2))
    features = (rng.random((9, 3, SCHEME.n_features)) < 0.05).astype(np.float32)
    told = np.repeat(network.told_of(None), 3, axis=1)
    whole, after = network.step(features, network.initial_states(3), told)
    states = network.initial_states(3)
    for index in range(9):
        said, states = network.step(features[index : index + 1], states, told)
        for name, value in said.items():
            assert np.abs(value[0] - whole[name][index]).max() < 1e-5
    for name, state in states.items():
        assert np.abs(state - after[name]).max() < 1e-5
    heard = hear(network, made_up_piece().line, made_up_piece().setting)
    assert set(heard.states) == set(states)


@pytest.mark.parametrize("cell", CELLS)
def test_a_folder_opens_as_a_soloist_that_keeps_its_promises(
    folders: dict[str, Path], cell: str
) -> None:
    primer = Clip(tuple(Note(i * 480, 400, 60 + 2 * i) for i in range(4)), 1920)
    request = SoloRequest(
        primer, Timebase(), n_bars=2, manner=Manner(density=0.8), follows=primer, style="jazz"
    )
    soloist = open_soloist(folders[cell])
    solos = soloist.continue_phrase(request)
    assert soloist.continue_phrase(request) == solos
    assert len({solo.clip for solo in solos}) == 4
    for solo in solos:
        assert solo.model_id == f"tiny-{cell}"
        assert solo.clip.length_ticks == 3840
        assert all(36 <= note.pitch <= 96 for note in solo.clip.notes)
        (again,) = soloist.continue_phrase(replace(request, n_takes=1, seed=solo.seed))
        assert again.clip == solo.clip


def test_a_model_that_says_something_else_is_not_handed_on(
    tiny_networks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, sizes = tiny_networks["gru"]

    def wrong(*given: Any) -> dict[str, Any]:
        tensors = head_tensors(*given)
        shifted = tensors["sub_bias"].copy()
        shifted[0] += 0.01
        return tensors | {"sub_bias": shifted}

    monkeypatch.setattr("musicassist.training.solo_model.head_tensors", wrong)
    with pytest.raises(TrainingError, match="differs from the trained one"):
        write_model(tmp_path, network, sizes, "", DATA, {})
    assert not (tmp_path / "manifest.toml").exists()


def test_tables_of_another_network_are_refused(folders: dict[str, Path]) -> None:
    gru = open_network(folders["gru"], load_manifest(folders["gru"]))
    tensors = dict(gru._tensors) | {"pitch_bias": gru._tensors["pitch_bias"][:-1]}
    with pytest.raises(ModelError, match="do not fit together"):
        SoloNetwork(gru._session, tensors, SCHEME, gru._after)
