"""Damaged and hostile solo models end in one sentence, when they are opened or while they play."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from musicassist.cli import DEFAULT_MODEL
from musicassist.errors import ModelError
from musicassist.generation.features import SCHEME
from musicassist.generation.model_store import (
    GRAPH_NAME,
    TENSORS_NAME,
    describe_file,
    load_manifest,
    open_soloist,
    write_manifest,
)
from musicassist.generation.solo_network import AFTER_NAME, SoloNetwork
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.manner import Manner
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.paths import models_folder

PHRASE = Clip(tuple(Note(i * 480, 400, 60 + 2 * i) for i in range(8)), 3840)
REQUEST = SoloRequest(PHRASE, Timebase(), n_bars=2, n_takes=2, follows=PHRASE)
MOST_NOTES = 500  # no answer of two bars has as many


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the default model, which may be damaged."""
    return Path(shutil.copytree(models_folder() / DEFAULT_MODEL, tmp_path / "model"))


def signed(model: Path) -> None:
    """Let the manifest describe the files as they are, as whoever damages on purpose would."""
    manifest = load_manifest(model)
    files = tuple(
        describe_file(model, each.name) for each in manifest.files if (model / each.name).exists()
    )
    write_manifest(model, replace(manifest, files=files))


def without_after(model: Path) -> None:
    (model / AFTER_NAME).unlink()


def swapped_graphs(model: Path) -> None:
    (model / AFTER_NAME).rename(model / "other")
    (model / GRAPH_NAME).rename(model / AFTER_NAME)
    (model / "other").rename(model / GRAPH_NAME)


def two_trunks(model: Path) -> None:
    shutil.copy(model / GRAPH_NAME, model / AFTER_NAME)


def other_tensors(model: Path) -> None:
    np.savez(model / TENSORS_NAME, pitch_kernel=np.zeros((3, 4)))


def huge_tensor(model: Path) -> None:
    with np.load(model / TENSORS_NAME) as tensors:
        changed = dict(tensors)
    changed["sub_bias"] = np.full(changed["sub_bias"].shape, 1e300)
    np.savez(model / TENSORS_NAME, **changed)


@pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning")
@pytest.mark.parametrize(
    "damage", [without_after, swapped_graphs, two_trunks, other_tensors, huge_tensor]
)
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_damaged_folder_is_refused(
    model: Path, damage: Callable[[Path], None], is_signed: bool
) -> None:
    damage(model)
    if is_signed:
        signed(model)
    with pytest.raises(ModelError) as caught:
        open_soloist(model)
    assert caught.value.what.endswith(".")
    assert "\n" not in str(caught.value)


def stop_after_too_many() -> Callable[[], bool]:
    calls = iter(range(MOST_NOTES))
    return lambda: next(calls, None) is None


@pytest.mark.parametrize("size", [1e30, 1e37])
@pytest.mark.parametrize(
    "table", ["pitch_kernel", "beats_kernel", "sub_kernel", "beats_given_pitch"]
)
@pytest.mark.parametrize("manner", [Manner(), Manner(density=0.9)])
def test_weights_without_measure_break_no_promise(
    make_network, make_soloist, table: str, size: float, manner: Manner
) -> None:
    """They end in an answer within its bounds or in an error, never in a loop without end."""
    network = make_network(3)
    tensors = dict(network._tensors)
    tensors[table] = np.sign(tensors[table]) * np.float32(size)
    soloist = make_soloist(SoloNetwork(network._session, tensors, SCHEME, network._after))
    request = replace(REQUEST, manner=manner)
    try:
        solos = soloist.continue_phrase(request, stop_after_too_many())
    except ModelError:
        return
    pitches = {note.pitch for solo in solos for note in solo.clip.notes}
    assert request.lowest_pitch <= min(pitches) <= max(pitches) <= request.highest_pitch


def test_weights_beyond_all_numbers_are_found_out(make_network, make_soloist) -> None:
    network = make_network(3)
    tensors = network._tensors | {"beats_bias": network._tensors["beats_bias"] + np.float32(3e38)}
    tensors["beats_kernel"] = np.sign(tensors["beats_kernel"]) * np.float32(3e38)
    soloist = make_soloist(SoloNetwork(network._session, tensors, SCHEME, network._after))
    with pytest.raises(ModelError, match="lost count"):
        soloist.continue_phrase(REQUEST, stop_after_too_many())


class Failing:
    """A session that fails from its n-th call on."""

    def __init__(self, session: Any, n_sound: int) -> None:
        self._session, self._n_sound = session, n_sound
        if hasattr(session, "get_inputs"):
            self.get_inputs, self.get_outputs = session.get_inputs, session.get_outputs

    def run(self, *asked: Any) -> Any:
        self._n_sound -= 1
        if self._n_sound < 0:
            raise RuntimeError("a node\nfailed")
        return self._session.run(*asked)


@pytest.mark.parametrize("n_notes_heard", [0, 1, 3])
def test_a_graph_that_fails_while_playing_is_one_sentence(
    make_network, make_soloist, n_notes_heard: int
) -> None:
    network = make_network(2)
    trunk = Failing(network._session, 2 + n_notes_heard)  # two calls are made to try it
    soloist = make_soloist(SoloNetwork(trunk, network._tensors, SCHEME, network._after))
    with pytest.raises(ModelError, match=r"cannot go on \(RuntimeError\)"):
        soloist.continue_phrase(REQUEST)


def test_what_follows_can_fail_in_one_sentence_too(make_network, make_soloist) -> None:
    network = make_network(2)
    after = Failing(network._after, 2)
    soloist = make_soloist(SoloNetwork(network._session, network._tensors, SCHEME, after))
    with pytest.raises(ModelError, match="cannot go on"):
        soloist.continue_phrase(REQUEST)


def test_a_graph_that_knows_only_one_number_of_lines_is_refused(make_network) -> None:
    network = make_network(2)
    run = network._session.run

    def for_two(names: Any, values: Any) -> Any:
        if values["features"].shape[1] != 2:
            raise RuntimeError("wrong dimensions")
        return run(names, values)

    session = SimpleNamespace(
        run=for_two,
        get_inputs=network._session.get_inputs,
        get_outputs=network._session.get_outputs,
    )
    with pytest.raises(ModelError, match="do not fit together"):
        SoloNetwork(session, network._tensors, SCHEME, network._after)
