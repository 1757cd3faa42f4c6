"""The models that come along: small, sound, equal to Keras, and playing within the promises."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musicassist.cli import DEFAULT_MODEL
from musicassist.errors import ModelError
from musicassist.generation.model_store import (
    CARD_NAME,
    find_models,
    load_graph,
    load_manifest,
    load_tensors,
    open_soloist,
)
from musicassist.generation.solo_network import PROOF_NAME, SoloNetwork, largest_difference
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.paths import models_folder

MODELS = find_models([models_folder()])
LARGEST_BYTES = 30 * 1024 * 1024
PHRASE = Clip(
    tuple(Note(i * 240, 200, p, 80) for i, p in enumerate((65, 68, 72, 70, 68, 67, 65, 60))), 1920
)


def test_the_default_model_comes_along_and_all_are_small() -> None:
    assert DEFAULT_MODEL in [model.name for model in MODELS]
    files = [path for path in models_folder().rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LARGEST_BYTES


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_says_what_keras_said(model: Path) -> None:
    manifest = load_manifest(model)
    network = SoloNetwork(load_graph(model, manifest), load_tensors(model, manifest))
    proof = load_tensors(model, manifest, PROOF_NAME)
    assert proof["features"].shape[:2] == (4, 24)
    assert largest_difference(network, proof) < 1e-4


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_names_its_data_and_licences(model: Path) -> None:
    manifest = load_manifest(model)
    card = (model / CARD_NAME).read_text(encoding="utf-8")
    assert manifest.model_id == model.name
    assert manifest.data
    for source in manifest.data:
        assert source.licence not in ("", "not stated")
        assert source.name in card
        assert source.licence in card


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_answers_in_key_and_with_rhythm(model: Path) -> None:
    timebase = Timebase()
    request = SoloRequest(
        PHRASE, timebase, Key.parse("Fm"), parse_progression("Fm | Db | Eb7 | C7", timebase)
    )
    solos = open_soloist(model).continue_phrase(request)
    assert len({solo.clip.notes for solo in solos}) == 4
    allowed = Key.parse("Fm").pitch_classes | {4}  # E is the third of C7
    for solo in solos:
        notes = solo.clip.notes
        assert 8 <= len(notes) <= 160
        assert {note.pitch % 12 for note in notes} <= allowed
        gaps = np.diff([note.onset_ticks for note in notes])
        assert len(set((gaps // 20).tolist())) >= 4  # no fixed half-beat grid
        assert len({note.velocity for note in notes}) >= 5


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_on_average_a_model_prefers_chord_tones_more_than_chance(model: Path) -> None:
    timebase = Timebase()
    progression = parse_progression("Fm7 | Bbm7 | Eb7 | Abmaj7", timebase)
    request = SoloRequest(PHRASE, timebase, Key.parse("Ab"), progression, n_takes=16)
    over = progression.looped_to(request.answer_end_ticks)
    solos = open_soloist(model).continue_phrase(request)
    inside = []
    for solo in solos:
        for note in solo.clip.notes:
            chord = over.chord_at(request.answer_start_ticks + note.onset_ticks)
            assert chord is not None
            inside.append(note.pitch % 12 in chord.pitch_classes)
    assert np.mean(inside) > 4 / 7


@pytest.mark.parametrize("damage", ["text", "nan", "narrow", "state"])
def test_a_solo_model_whose_parts_do_not_fit_is_refused(damage: str) -> None:
    model = next(each for each in MODELS if each.name == DEFAULT_MODEL)
    manifest = load_manifest(model)
    session, tensors = load_graph(model, manifest), load_tensors(model, manifest)
    if damage == "text":
        tensors["sub_bias"] = np.array(["no", "numbers"])
    elif damage == "nan":
        tensors["sub_bias"] = np.full_like(tensors["sub_bias"], np.nan)
    elif damage == "narrow":
        tensors["length_kernel"] = tensors["length_kernel"][:5]
        tensors["length_given_pitch"] = tensors["length_given_pitch"][:, :5]
    else:
        session = SessionOfOtherStates(session)
    with pytest.raises(ModelError, match="do not fit together"):
        SoloNetwork(session, tensors)


class SessionOfOtherStates:
    """Gives back states of another size than it takes."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.get_inputs, self.get_outputs = session.get_inputs, session.get_outputs

    def run(self, names: list[str], values: dict[str, Any]) -> list[Any]:
        said = self._session.run(names, values)
        return [
            value[:, :, :3] if name.endswith("_after") else value
            for name, value in zip(names, said, strict=True)
        ]
