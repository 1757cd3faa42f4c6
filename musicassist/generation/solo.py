"""Recipe `solo`: from a request to finished solos, by way of the network."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.errors import ModelError, UserCancelled
from musicassist.generation.encoding import (
    ENCODING_VERSION,
    FURTHEST_MICRO,
    LENGTHS,
    N_PITCHES,
    STEPS_PER_BEAT,
    TICKS_PER_MICRO,
    TICKS_PER_STEP,
    Line,
    Setting,
    line_from_ticks,
)
from musicassist.generation.expression import velocities
from musicassist.generation.improvisation import Frame, Improvisation
from musicassist.generation.model_store import Manifest, load_graph, load_tensors
from musicassist.generation.ranking import best_takes
from musicassist.generation.sampling import temperature_and_nucleus
from musicassist.generation.solo_network import SoloNetwork
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key, estimate_key
from musicassist.music.manner import STYLES
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import TICKS_PER_BEAT

DRAWN_A_TAKE: Final = 2  # candidates drawn for each take shown, when several are asked for
LONGEST_PRIMER: Final = 512  # last notes the network hears; it learns on far shorter stretches
CHORD_TICKS: Final = 30  # notes struck closer together than this are one chord
SHORTEST_LAST_TICKS: Final = TICKS_PER_BEAT  # the note that closes is held, where there is room


class SoloSoloist:
    """Continues phrases with a trained solo network.

    Thread: one caller at a time.

    Args:
        folder: The model's folder.
        manifest: What it says about itself, of recipe `solo`.

    Raises:
        ModelError: The model is damaged, not to be trusted, or speaks another encoding.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        if manifest.encoding_version != ENCODING_VERSION:
            raise ModelError(
                f"The model {manifest.model_id} was made for another version of MusicAssist.",
                "Train it again, or choose another model.",
            )
        self._manifest = manifest
        self._network = SoloNetwork(load_graph(folder, manifest), load_tensors(folder, manifest))

    @property
    def model_id(self) -> str:
        """Name of the model."""
        return self._manifest.model_id

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        """Return the asked number of answers, best first. See `soloist.Soloist`."""
        key = request.key or estimate_key(request.primer.notes)
        n_drawn = request.n_takes * (DRAWN_A_TAKE if request.n_takes > 1 else 1)
        seeds = [request.seed_of(row) for row in range(n_drawn)]
        primer = _line_of(leading_line(request.primer)[-LONGEST_PRIMER:])
        improvisation = Improvisation(self._network, _frame(request, key), seeds, primer)
        while improvisation.is_playing.any():
            if should_stop():
                raise UserCancelled
            improvisation.play_note()
        lines = improvisation.lines()
        chosen = best_takes(lines, improvisation.scores(), request.n_takes)
        settings = request.settings(key)
        return tuple(
            Solo(
                _clip_of(lines[row], request, seeds[row]),
                self.model_id,
                seeds[row],
                request.primer,
                settings,
            )
            for row in chosen
        )


def leading_line(clip: Clip) -> tuple[Note, ...]:
    """Return the top notes of a clip: of notes struck together the highest."""
    line: list[Note] = []
    for note in clip.notes:
        if line and note.onset_ticks - line[-1].onset_ticks < CHORD_TICKS:
            if note.pitch > line[-1].pitch:
                line[-1] = note
        else:
            line.append(note)
    return tuple(line)


def _line_of(notes: tuple[Note, ...]) -> Line:
    return line_from_ticks(
        [note.onset_ticks for note in notes],
        [note.duration_ticks for note in notes],
        [note.pitch for note in notes],
    )


def _frame(request: SoloRequest, key: Key) -> Frame:
    start_ticks, end_ticks = request.answer_start_ticks, request.answer_end_ticks
    meter = request.timebase.meter_at(start_ticks)
    progression = request.progression
    if progression is not None:
        progression = _said_every_beat(progression.looped_to(end_ticks))
    start = -(-start_ticks // TICKS_PER_STEP)
    pitches = np.arange(N_PITCHES)
    temperature, nucleus = temperature_and_nucleus(request.surprise)
    return Frame(
        start=start,
        end=-(-end_ticks // TICKS_PER_STEP),
        setting=Setting.of(
            progression, key, meter.bar_ticks / TICKS_PER_BEAT, start, STYLES.index("jazz")
        ),
        is_in_range=(pitches >= request.lowest_pitch) & (pitches <= request.highest_pitch),
        scale=_classes(key.pitch_classes) if request.is_key_locked else None,
        resting=_classes({key.tonic, (key.tonic + 7) % 12, *_third_of(key)}),
        temperature=temperature,
        nucleus=nucleus,
    )


def _said_every_beat(progression: Progression) -> Progression:
    """Return a progression that says its chord again on every beat.

    The Weimar tables, which jazz is learned from, do so; what the network hears of the time to the
    next chord would otherwise mean something else in playing than it meant in training.
    """
    beats = range(0, progression.length_ticks, TICKS_PER_BEAT)
    places = sorted({*beats, *(onset_ticks for onset_ticks, _ in progression.changes)})
    said = ((ticks, progression.chord_at(ticks)) for ticks in places)
    changes = tuple((ticks, chord) for ticks, chord in said if chord is not None)
    return Progression(changes, progression.length_ticks)


def _third_of(key: Key) -> frozenset[int]:
    """Return the third above the tonic that lies in the scale, if there is one."""
    return key.pitch_classes.intersection(((key.tonic + 3) % 12, (key.tonic + 4) % 12))


def _classes(members: frozenset[int] | set[int]) -> NDArray[np.bool_]:
    lit = np.zeros(12, bool)
    lit[sorted(members)] = True
    return lit


def _clip_of(line: Line, request: SoloRequest, seed: int) -> Clip:
    """Return a line as a clip that starts and ends on the answer's bar lines."""
    start_ticks, end_ticks = request.answer_start_ticks, request.answer_end_ticks
    length_ticks = end_ticks - start_ticks
    if not len(line.onsets):  # in bars shorter than a grid step there may be no place for a note
        return Clip((), length_ticks)
    played_ticks = line.onsets * TICKS_PER_STEP + (line.micros - FURTHEST_MICRO) * TICKS_PER_MICRO
    onsets_ticks = np.clip(np.maximum.accumulate(played_ticks - start_ticks), 0, length_ticks - 1)
    ends_ticks = np.append(onsets_ticks[1:], length_ticks)
    durations_ticks = LENGTHS[line.lengths] * TICKS_PER_STEP
    durations_ticks[-1] = max(durations_ticks[-1], SHORTEST_LAST_TICKS)
    durations_ticks = np.minimum(durations_ticks, ends_ticks - onsets_ticks)
    struck = velocities(
        line.onsets,
        line.pitches,
        np.array([note.velocity for note in request.primer.notes], float),
        np.random.Generator(np.random.PCG64([seed, STEPS_PER_BEAT])),
    )
    channel = request.primer.notes[0].channel
    rows = zip(onsets_ticks, durations_ticks, line.pitches, struck, strict=True)
    notes = [
        Note(int(onset), int(duration), int(pitch), int(velocity), channel)
        for onset, duration, pitch, velocity in rows
        if duration > 0
    ]
    return Clip(tuple(notes), length_ticks)
