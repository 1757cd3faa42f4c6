"""What must hold of every answer, whatever a network says: judged on networks that say noise."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.errors import UserCancelled
from musicassist.generation.encoding import (
    HEADS,
    N_CLASSES,
    N_FEATURES,
    STEPS_PER_BEAT,
    Floats,
    Ints,
)
from musicassist.generation.model_store import Manifest
from musicassist.generation.ranking import best_takes, likeness
from musicassist.generation.solo import LONGEST_PRIMER, SoloSoloist, _frame, leading_line
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase


class NoiseNetwork:
    """Says something else at every step, the same for the same past: a hash in place of weights."""

    def __init__(self, sharpness: float) -> None:
        self._sharpness = sharpness

    def initial_states(self, n_rows: int) -> dict[str, Floats]:
        return {"state": np.zeros((1, n_rows, 1), np.float32)}

    def step(
        self, features: Floats, states: Mapping[str, Floats]
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        assert features.shape[1] == N_FEATURES
        past = (features @ np.arange(1, N_FEATURES + 1))[None, :, None] / 1e4
        state = np.mod(states["state"] * 0.7 + past, 97).astype(np.float32)
        return {"past": state[0]}, {"state": state}

    def pitch_logits(self, said: Mapping[str, Floats], last_pitches: Ints, roots: Ints) -> Floats:
        return self._noise(said, 128, 1)

    def head_logits(
        self, head: str, said: Mapping[str, Floats], drawn: Mapping[str, Ints]
    ) -> Floats:
        assert all(factor in drawn for factor in HEADS[head])
        return self._noise(said, N_CLASSES[head], 2 + list(HEADS).index(head))

    def _noise(self, said: Mapping[str, Floats], n_classes: int, salt: int) -> Floats:
        waves = np.sin(said["past"] * (np.arange(n_classes) + 1) * salt * 1.7)
        return (waves * self._sharpness).astype(np.float32)


def soloist_on(network: Any) -> SoloSoloist:
    soloist = SoloSoloist.__new__(SoloSoloist)
    soloist._manifest = Manifest("noise", "Noise", "solo", "gru", 1, {})
    soloist._network = network
    return soloist


def phrase(*pitches: int, beat_ticks: int = TICKS_PER_BEAT) -> Clip:
    notes = tuple(Note(i * beat_ticks, beat_ticks - 10, p, 70 + i) for i, p in enumerate(pitches))
    bars = -(-len(pitches) * beat_ticks // (4 * TICKS_PER_BEAT))
    return Clip(notes, bars * 4 * TICKS_PER_BEAT)


requests = st.builds(
    SoloRequest,
    primer=st.lists(st.integers(30, 100), min_size=1, max_size=12).map(lambda p: phrase(*p)),
    timebase=st.sampled_from(
        [
            Timebase(),
            Timebase.steady(93, 3, 4),
            Timebase.steady(171, 7, 8),
            Timebase.steady(60, 5, 4),
            Timebase.steady(120, 3, 16),
            Timebase.steady(120, 1, 8),
        ]
    ),
    key=st.sampled_from([None, Key.parse("Fm"), Key.parse("A minor pentatonic"), Key.parse("D")]),
    progression=st.sampled_from(
        [
            None,
            parse_progression("Fm | Db | Eb7 | C7", Timebase()),
            parse_progression("NC", Timebase()),
        ]
    ),
    n_bars=st.integers(1, 9),
    n_takes=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
    surprise=st.floats(0, 1),
    is_key_locked=st.booleans(),
    lowest_pitch=st.integers(0, 60),
    highest_pitch=st.integers(72, 127),
)


@settings(max_examples=60)
@given(requests, st.floats(0, 6))
def test_every_answer_keeps_every_promise(request: SoloRequest, sharpness: float) -> None:
    solos = soloist_on(NoiseNetwork(sharpness)).continue_phrase(request)
    assert len(solos) == request.n_takes
    timebase = request.timebase
    bar = timebase.bar_at(request.answer_start_ticks)
    assert timebase.bar_start_ticks(bar) == request.answer_start_ticks
    for solo in solos:
        clip = solo.clip
        assert clip.length_ticks == timebase.bar_start_ticks(
            bar + request.n_bars
        ) - timebase.bar_start_ticks(bar)
        assert clip.notes
        assert clip.end_of_notes_ticks <= clip.length_ticks
        for earlier, later in pairwise(clip.notes):
            assert earlier.end_ticks <= later.onset_ticks
        assert all(
            request.lowest_pitch <= note.pitch <= request.highest_pitch for note in clip.notes
        )


@settings(max_examples=30)
@given(requests)
def test_locked_to_a_key_nothing_else_is_played_but_chord_tones(request: SoloRequest) -> None:
    if not request.is_key_locked or request.key is None:
        return
    allowed = set(request.key.pitch_classes)
    if request.progression is not None:
        for _, chord in request.progression.changes:
            allowed |= chord.pitch_classes
    for solo in soloist_on(NoiseNetwork(3.0)).continue_phrase(request):
        assert {note.pitch % 12 for note in solo.clip.notes} <= allowed


def test_same_request_same_solos_and_another_seed_others() -> None:
    soloist = soloist_on(NoiseNetwork(2.0))
    one = SoloRequest(phrase(60, 62, 64, 65), Timebase(), seed=7)
    other = SoloRequest(phrase(60, 62, 64, 65), Timebase(), seed=8_000)
    assert soloist.continue_phrase(one) == soloist.continue_phrase(one)
    assert soloist.continue_phrase(one)[0].clip != soloist.continue_phrase(other)[0].clip


def test_a_take_can_be_made_again_from_its_own_seed() -> None:
    soloist = soloist_on(NoiseNetwork(2.0))
    primer = phrase(60, 62, 64, 65)
    for solo in soloist.continue_phrase(SoloRequest(primer, Timebase(), n_takes=4, seed=3)):
        again = SoloRequest(primer, Timebase(), n_takes=1, seed=solo.seed)
        assert soloist.continue_phrase(again)[0].clip == solo.clip


def test_neighbouring_seeds_have_no_solo_in_common() -> None:
    soloist = soloist_on(NoiseNetwork(2.0))
    made = [
        {solo.seed for solo in soloist.continue_phrase(SoloRequest(phrase(60), Timebase(), seed=n))}
        for n in (1, 2, 3)
    ]
    assert len(set.union(*made)) == sum(len(seeds) for seeds in made)


def test_no_two_takes_are_the_same() -> None:
    solos = soloist_on(NoiseNetwork(2.0)).continue_phrase(
        SoloRequest(phrase(60, 67, 64), Timebase(), n_takes=8)
    )
    assert len({solo.clip for solo in solos}) == 8


def test_stopping_ends_the_work_at_the_next_note() -> None:
    asked = []

    def stop_at_third() -> bool:
        asked.append(None)
        return len(asked) >= 3

    with pytest.raises(UserCancelled):
        soloist_on(NoiseNetwork(2.0)).continue_phrase(
            SoloRequest(phrase(60), Timebase(), n_bars=16), stop_at_third
        )
    assert len(asked) == 3


def test_the_primer_may_end_long_before_its_last_bar() -> None:
    primer = Clip((Note(0, 100, 60),), 12 * 4 * TICKS_PER_BEAT)
    request = SoloRequest(primer, Timebase(), n_bars=2)
    for solo in soloist_on(NoiseNetwork(2.0)).continue_phrase(request):
        assert solo.clip.notes[0].onset_ticks < 4 * TICKS_PER_BEAT


def test_a_long_file_is_heard_from_its_last_notes_on() -> None:
    notes = tuple(Note(i * 120, 100, 60 + i % 7) for i in range(20 * LONGEST_PRIMER))
    request = SoloRequest(Clip(notes, len(notes) * 120), Timebase(), n_bars=1, n_takes=1)
    network = NoiseNetwork(2.0)
    heard = []
    step = network.step
    network.step = lambda *given: heard.append(None) or step(*given)  # type: ignore[method-assign, func-returns-value]
    assert soloist_on(network).continue_phrase(request)[0].clip.notes
    assert LONGEST_PRIMER <= len(heard) < 2 * LONGEST_PRIMER


def test_chords_are_said_again_on_every_beat_as_in_the_tables_jazz_is_learned_from() -> None:
    progression = parse_progression("Fm | Db", Timebase())
    request = SoloRequest(phrase(60), Timebase(), progression=progression, n_bars=1)
    setting = _frame(request, Key.parse("Fm")).setting
    assert setting.changes.tolist() == list(range(0, 8 * STEPS_PER_BEAT, STEPS_PER_BEAT))
    assert setting.roots.tolist() == [5] * 4 + [1] * 4


def test_the_top_notes_of_chords_lead() -> None:
    chords = Clip((Note(0, 400, 48), Note(5, 400, 64), Note(9, 400, 55), Note(480, 400, 62)), 1920)
    assert [note.pitch for note in leading_line(chords)] == [64, 62]


def test_the_answer_is_about_as_loud_as_the_primer() -> None:
    soft = Clip(tuple(Note(i * 240, 200, 60 + i, 45) for i in range(8)), 1920)
    loud = Clip(tuple(Note(i * 240, 200, 60 + i, 110) for i in range(8)), 1920)
    means = [
        np.mean([n.velocity for n in solo.clip.notes])
        for primer in (soft, loud)
        for solo in soloist_on(NoiseNetwork(2.0)).continue_phrase(
            SoloRequest(primer, Timebase(), n_takes=1)
        )
    ]
    assert abs(means[0] - 45) < 12
    assert abs(means[1] - 110) < 12


def test_ranking_takes_the_likeliest_first_and_avoids_copies() -> None:
    class FewLines:
        def __init__(self, *pitches: int) -> None:
            self.onsets = np.arange(len(pitches)) * 12
            self.pitches = np.array(pitches)

    lines: Any = [FewLines(60, 62, 64), FewLines(60, 62, 64), FewLines(70, 71, 72)]
    assert likeness(lines[0], lines[1]) == 1.0
    assert best_takes(lines, np.array([-1.0, -1.1, -1.5]), 2) == (0, 2)
