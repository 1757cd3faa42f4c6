"""The tempo of a free performance, on synthetic ones and on real solos."""

import csv
import gzip
import random
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.music.tempo import (
    FASTEST_BPM,
    FEWEST_ONSETS,
    SLOWEST_BPM,
    estimate_tempo,
    tempo_of_take,
)

NEAR = 0.04  # what a listener would still call the same tempo

# What a beat or two are filled with, in beats; negative lengths are rests.
STRAIGHT = ((1,), (0.5, 0.5), (0.5, 0.5), (0.25,) * 4, (0.75, 0.25), (2,), (1.5, 0.5), (-1,))
SWING = ((1,), (0.62, 0.38), (0.62, 0.38), (2,), (-1,), (-0.62, 0.38), (1.62, 0.38))
TRIPLETS = ((1 / 3,) * 3, (1,), (2 / 3, 1 / 3), (2,), (-1,), (1 / 3,) * 3)
PLAIN = ((1,), (1,), (0.5, 0.5), (2,), (1.5, 0.5), (-1, 1))
KINDS = {"straight": STRAIGHT, "swing": SWING, "triplets": TRIPLETS, "plain": PLAIN}
PICK_UPS = {STRAIGHT: 0.5, SWING: 0.38, TRIPLETS: 1 / 3, PLAIN: 0.5}


def performance(
    rng: random.Random,
    bpm: float,
    cells: tuple[tuple[float, ...], ...],
    *,
    n_beats: int = 16,
    jitter_s: float = 0.02,
    drift: float = 0.0,
    missing: float = 0.0,
) -> list[float]:
    """Return onsets in seconds as somebody might play them: pick-ups, chords, unsteady hands."""
    places = [-PICK_UPS[cells]] if rng.random() < 0.3 else []
    beat = 0.0
    while beat < n_beats:
        for length in rng.choice(cells):
            if length > 0 and rng.random() >= missing:
                places.append(beat)
            beat += abs(length)
    onsets: list[float] = []
    for place in places:
        seconds = 60 / bpm * (place + drift * place**2 / n_beats / 2)
        onsets.append(seconds + rng.uniform(-jitter_s, jitter_s))
        if rng.random() < 0.2:
            onsets.append(onsets[-1] + rng.uniform(0, 0.02))
    return sorted(onsets)


def share_right(results: list[tuple[float, float]]) -> float:
    """Return how many of (found, true) tempos are the same."""
    return sum(abs(found / true - 1) <= NEAR for found, true in results) / len(results)


def found_in(n_performances: int, kind: str, **how: float) -> list[tuple[float, float, float]]:
    """Return (found, true, confidence) of many performances over the whole range."""
    rng = random.Random(f"{kind} {how}")
    results = []
    for _ in range(n_performances):
        bpm = rng.uniform(SLOWEST_BPM, FASTEST_BPM)
        estimate = estimate_tempo(performance(rng, bpm, KINDS[kind], **how))  # type: ignore[arg-type]
        assert estimate is not None
        results.append((estimate.bpm, bpm, estimate.confidence))
    return results


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"jitter_s": 0.005}, id="steady"),
        pytest.param({"jitter_s": 0.02}, id="unsteady"),
        pytest.param({"jitter_s": 0.01, "drift": 0.04}, id="getting slower"),
        pytest.param({"jitter_s": 0.01, "missing": 0.1}, id="notes left out"),
    ],
)
def test_four_bars_are_enough_for_most(kind: str, how: dict[str, float]) -> None:
    results = found_in(40, kind, **how)
    assert share_right([(found, true) for found, true, _ in results]) >= 0.85


@pytest.mark.parametrize("kind", KINDS)
def test_two_bars_are_right_when_it_is_sure(kind: str) -> None:
    results = found_in(60, kind, n_beats=8)
    sure = [(found, true) for found, true, confidence in results if confidence >= 0.4]
    assert len(sure) >= 25
    assert share_right(sure) >= 0.9


def test_it_is_far_better_than_always_saying_the_same() -> None:
    results = [each for kind in KINDS for each in found_in(30, kind)]
    usual = share_right([(120.0, true) for _, true, _ in results])
    assert usual < 0.2
    assert share_right([(found, true) for found, true, _ in results]) > usual + 0.7


def test_notes_struck_at_random_have_no_tempo() -> None:
    rng = random.Random(3)
    n_sure = 0
    for _ in range(60):
        onsets = [0.0]
        for _ in range(rng.randint(6, 20)):
            onsets.append(onsets[-1] + 0.05 + rng.expovariate(1 / 0.35))
        estimate = estimate_tempo(onsets)
        n_sure += estimate is not None and estimate.confidence >= 0.4
    assert n_sure <= 6


@given(st.floats(85, 150), st.floats(-1e5, 1e5))
def test_even_eighths_are_a_tempo_whenever_they_are_played(bpm: float, start_s: float) -> None:
    onsets = [start_s + index * 30 / bpm for index in range(16)]
    estimate = estimate_tempo(onsets)
    assert estimate is not None
    assert estimate.bpm == pytest.approx(bpm, rel=0.01)
    assert estimate.place_beats == 0


@given(st.lists(st.floats(0, 60), max_size=40).map(sorted))
def test_whatever_is_played_the_answer_is_within_limits(onsets: list[float]) -> None:
    estimate = estimate_tempo(onsets)
    if estimate is not None:
        assert SLOWEST_BPM <= estimate.bpm <= FASTEST_BPM
        assert 0 <= estimate.confidence <= 1
        assert 0 <= estimate.place_beats < 1


def test_too_few_notes_say_nothing() -> None:
    assert estimate_tempo([]) is None
    assert estimate_tempo([0.5 * index for index in range(FEWEST_ONSETS - 1)]) is None
    chord = [0.0, 0.01, 0.02, 0.5, 0.51]
    assert estimate_tempo(chord) is None


@pytest.mark.parametrize("bpm", [90, 110, 130])
def test_a_pick_up_stands_before_its_beat(bpm: float) -> None:
    places = [-0.5, *(0, 0.5, 1, 2, 2.5, 3, 4, 4.5, 5, 6, 6.5, 7, 8, 10)]
    estimate = estimate_tempo([place * 60 / bpm for place in places])
    assert estimate is not None
    assert estimate.bpm == pytest.approx(bpm, rel=0.01)
    assert estimate.place_beats == 0.5


def test_swung_eighths_keep_their_beat() -> None:
    places = [index + late for index in range(12) for late in (0, 0.64)]
    estimate = estimate_tempo([place * 60 / 132 for place in places])
    assert estimate is not None
    assert estimate.bpm == pytest.approx(132, rel=0.01)


def test_a_take_is_heard_by_its_strikes() -> None:
    events = []
    for index in range(16):
        time_ns = 7_000_000_000 + round(index * 30e9 / 104)
        events.append(RawEvent(time_ns, NOTE_ON, 60 + index % 5, 90))
        events.append(RawEvent(time_ns + 10_000_000 * (index % 9), NOTE_OFF, 60 + index % 5))
    take = Take(tuple(sorted(events, key=lambda event: event.time_ns)))
    estimate = tempo_of_take(take)
    assert estimate is not None
    assert estimate.bpm == pytest.approx(104, rel=0.01)
    assert tempo_of_take(Take()) is None


@pytest.mark.shared
def test_real_solos_beat_the_guess_that_everything_is_120(shared: Path) -> None:
    """Eight seconds from the middle of jazz solos, without the band: the hardest there is."""
    beats: dict[str, list[float]] = defaultdict(list)
    onsets: dict[str, list[float]] = defaultdict(list)
    for name, columns in (("beats", beats), ("notes", onsets)):
        with gzip.open(shared / f"data/wjazzd/{name}.csv.gz", "rt") as stream:
            for row in csv.DictReader(stream):
                columns[row["melid"]].append(float(row["onset"]))
    results: list[tuple[float, float]] = []
    sure: list[tuple[float, float]] = []
    for solo in sorted(onsets, key=int)[::2]:
        start_s = onsets[solo][len(onsets[solo]) // 2]
        played = [each for each in onsets[solo] if start_s <= each < start_s + 8]
        near = [each for each in beats[solo] if start_s <= each < start_s + 8]
        if len(played) < 8 or len(near) < 4:
            continue
        bpm = 60 / median(later - earlier for earlier, later in pairwise(near))
        while bpm > FASTEST_BPM:
            bpm /= 2
        while bpm < SLOWEST_BPM:
            bpm *= 2
        estimate = estimate_tempo(played)
        assert estimate is not None
        results.append((estimate.bpm, bpm))
        if estimate.confidence >= 0.4:
            sure.append((estimate.bpm, bpm))
    assert share_right([(120.0, true) for _, true in results]) < 0.2
    assert share_right(results) > 0.35
    assert share_right(sure) > share_right(results)
