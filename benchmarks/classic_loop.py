"""How long a note takes: the author's loop over `model.predict`, and ours over ONNX Runtime.

    python benchmarks/classic_loop.py [--notes 20] [--repeats 5]

One run, one machine, one table. The author's network has its real size (two LSTM layers of 128,
window 50, 92 notes and chords) and random weights: weights make no difference to time. The solo
model is the one in models/, if there is one.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from musicassist.generation.classic import Vocabulary
from musicassist.generation.model_store import find_models, load_manifest, open_soloist
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.paths import models_folder
from musicassist.training.checkpoint import CheckpointState
from musicassist.training.classic_model import write_model
from musicassist.training.classic_network import ClassicTraining, build_network
from musicassist.training.keras_import import import_keras

N_WORDS = 92
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def words() -> tuple[str, ...]:
    """Return 92 words: seven octaves of notes, and eight chords."""
    names = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
    notes = [f"{name}{octave}" for octave in range(1, 8) for name in names]
    chords = [f"{root}.{root + 4}" for root in range(8)]
    return tuple(sorted(notes + chords))


def author_notes(network: Any, n_notes: int) -> float:
    """Generate notes as the author's script does and return seconds a note."""
    pattern = list(range(50))
    began_s = time.perf_counter()
    for _ in range(n_notes):
        shown = np.reshape(pattern, (1, len(pattern), 1)) / float(N_WORDS)
        prediction = network.predict(shown, verbose=0)
        pattern.append(int(np.argmax(prediction)))
        pattern = pattern[1:]
    return (time.perf_counter() - began_s) / n_notes


def solo_notes(soloist: Soloist, n_takes: int) -> float:
    """Generate eight bars a take and return seconds a note, all takes counted."""
    primer = Clip(tuple(Note(240 * i, 240, pitch) for i, pitch in enumerate(SCALE)), 1920)
    request = SoloRequest(primer, Timebase.steady(120), Key(0, "major"), n_takes=n_takes)
    began_s = time.perf_counter()
    solos = soloist.continue_phrase(request)
    return (time.perf_counter() - began_s) / sum(len(solo.clip.notes) for solo in solos)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, default=20, help="notes a repeat of the author's loop")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()

    import_keras().utils.set_random_seed(1)
    training = ClassicTraining()
    network = build_network(training, N_WORDS)
    measured: list[tuple[str, Callable[[], float]]] = [
        ("author's loop: model.predict a note", partial(author_notes, network, options.notes))
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "classic"
        folder.mkdir()
        state = CheckpointState("", epoch=1, best_loss=0.0, best_epoch=1, losses=(0.0,))
        parity = write_model(folder, network, training, state, words(), Vocabulary(words()), "", ())
        soloists = [("classic", open_soloist(folder))]
    soloists += [
        (f"solo ({found.name})", open_soloist(found))
        for found in find_models([models_folder()])
        if load_manifest(found).recipe == "solo"
    ]
    measured += [
        (f"{name}, {n_takes} at once", partial(solo_notes, soloist, n_takes))
        for name, soloist in soloists
        for n_takes in (1, 4)
    ]
    print(f"parity of the classic graph with Keras: {parity:.1e}\n")
    print("| what | ms a note | notes a second | times the author's |")
    print("|---|---|---|---|")
    author_s = 0.0
    for name, measure in measured:
        measure()
        seconds = statistics.median(measure() for _ in range(options.repeats))
        author_s = author_s or seconds
        print(f"| {name} | {seconds * 1e3:.2f} | {1 / seconds:.0f} | {author_s / seconds:.0f} |")


if __name__ == "__main__":
    main()
