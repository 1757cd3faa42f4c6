"""Small data to learn from, made here: MIDI files, and the jazz tables of the corpus tests."""

import runpy
from pathlib import Path

import mido
import numpy as np
import pytest


def _write_midi(path, moments, program=0):
    """Write moments of pitches, each a quarter long, to a file of one track."""
    track = mido.MidiTrack([mido.Message("program_change", program=program, time=0)])
    for pitches in moments:
        track += [mido.Message("note_on", note=pitch, velocity=80) for pitch in pitches]
        first, *others = pitches
        track.append(mido.Message("note_off", note=first, time=480))
        track += [mido.Message("note_off", note=pitch) for pitch in others]
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)
    return path


@pytest.fixture
def write_midi():
    """Return the function that writes moments of pitches to a MIDI file."""
    return _write_midi


@pytest.fixture(scope="session")
def tune_file(tmp_path_factory):
    """A tune of 72 moments: a scale up and down, and a chord now and then."""
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62]
    moments = [[scale[index % 14]] if index % 9 else [60, 64, 67] for index in range(72)]
    return _write_midi(tmp_path_factory.mktemp("corpus") / "tune.mid", moments)


# Test folders are no packages: this is how one borrows what another's fixtures are made of.
_OF_CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "conftest.py"))


@pytest.fixture
def write_weimar():
    """Return the function that writes small tables in the Weimar Jazz Database's layout."""
    return _OF_CORPUS["write_tables"]


def _tiny_network(cell, seed=1):
    from musicassist.generation.features import SCHEME
    from musicassist.training.keras_import import import_keras
    from musicassist.training.solo_network import NetworkSizes, build_network

    import_keras().utils.set_random_seed(seed)
    sizes = NetworkSizes(
        cell, n_units=10, n_layers=2, n_input_units=8, n_after_units=6, n_memory_units=4
    )
    network = build_network(sizes, SCHEME)
    rng = np.random.Generator(np.random.PCG64(seed))
    # Fresh weights hardly say anything: biases are zero, and every class is about as likely.
    for variable in network.trainable_variables:
        shaken = np.asarray(variable) + rng.normal(0, 0.3, variable.shape)
        variable.assign(shaken.astype(np.float32))
    return network, sizes


@pytest.fixture(scope="session")
def tiny_networks():
    """Return a tiny solo network of random weights, and its sizes, for each kind of cell."""
    return {cell: _tiny_network(cell) for cell in ("gru", "lstm")}


@pytest.fixture(scope="session")
def write_weimar_tables():
    """Return what `write_weimar` does, for data that several tests share."""
    return _OF_CORPUS["write_tables"]
