"""Recipe `solo`: from a request to finished solos, by way of the network."""

from collections.abc import Callable
from dataclasses import replace
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
    UNKNOWN,
    Ints,
    Line,
    Setting,
    line_from_ticks,
)
from musicassist.generation.expression import velocities
from musicassist.generation.hearing import Heard, hear, line_costs
from musicassist.generation.improvisation import Frame, Improvisation
from musicassist.generation.leading_line import leading_line
from musicassist.generation.leaning import Leaning
from musicassist.generation.model_store import Manifest
from musicassist.generation.primer_harmony import harmony_of, key_over
from musicassist.generation.ranking import best_takes
from musicassist.generation.sampling import freedom_of
from musicassist.generation.solo_network import open_network
from musicassist.generation.soloist import Harmony, SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import N_LEVELS, QUALITIES, STYLES, Manner
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import TICKS_PER_BEAT

DRAWN_A_TAKE: Final = 2  # candidates drawn for each take shown, when several are asked for
LONGEST_PRIMER: Final = 512  # last notes the network hears; it learns on far shorter stretches
SHORTEST_LAST_TICKS: Final = TICKS_PER_BEAT  # the note that closes is held, where there is room
CLOSEST_TICKS: Final = TICKS_PER_STEP // 2  # between onsets: they may lie a grid step apart
_MOST_HEARD: Final = 8  # primers remembered with what the network made of them


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
        self._network = open_network(folder, manifest)
        self._heard: dict[tuple[bytes, ...], Heard] = {}
        self._harmonies: list[tuple[tuple[object, ...], Harmony]] = []

    @property
    def model_id(self) -> str:
        """Name of the model."""
        return self._manifest.model_id

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        """Return the asked number of answers, best first. See `soloist.Soloist`."""
        harmony = self._harmony(request)
        n_drawn = request.n_takes * (DRAWN_A_TAKE if request.n_takes > 1 else 1)
        seeds = [request.seed_of(row) for row in range(n_drawn)]
        setting = _setting(request, harmony)
        primer = _line_of(leading_line(request.primer)[-LONGEST_PRIMER:])
        frame = _frame(request, harmony.key, setting)
        improvisation = Improvisation(self._network, frame, seeds, self._hear(primer, setting))
        while improvisation.is_playing.any():
            if should_stop():
                raise UserCancelled
            improvisation.play_note()
        lines = [frame.leaning.swung(line, setting) for line in improvisation.lines()]
        chosen = best_takes(lines, improvisation.scores(), primer, request.n_takes)
        settings = request.settings(harmony.key)
        pickups_ticks = [_pickup_ticks(line, request) for line in lines]
        return tuple(
            Solo(
                _clip_of(lines[row], request, seeds[row], pickups_ticks[row]),
                self.model_id,
                seeds[row],
                request.primer,
                settings,
                pickups_ticks[row],
            )
            for row in chosen
        )

    def note_nats(self, line: Line, setting: Setting) -> dict[str, NDArray[np.float64]]:
        """Return what each factor of every note of a line costs; see `hearing.line_costs`."""
        return line_costs(self._network, line, setting)

    def _harmony(self, request: SoloRequest) -> Harmony:
        """Return key and chords of a request, found once however often a phrase is answered."""
        key = request.key
        asked = (
            request.primer,
            request.timebase,
            key and (key, key.prefers_flats),
            request.progression,
            request.answer_end_ticks,
        )
        for known, harmony in self._harmonies:
            if known == asked:
                return harmony
        harmony = harmony_for(request)
        self._harmonies = [(asked, harmony), *self._harmonies[: _MOST_HEARD - 1]]
        return harmony

    def _hear(self, primer: Line, setting: Setting) -> Heard:
        """Return what the network makes of a primer, heard once however often it is answered."""
        key = tuple(
            np.ascontiguousarray(value).tobytes()
            for value in (
                primer.onsets,
                primer.pitches,
                primer.lengths,
                primer.micros,
                setting.changes,
                setting.roots,
                setting.chords,
                setting.scale,
                np.array([setting.tonic, setting.beats_a_bar, setting.bar_origin, setting.style]),
            )
        )
        if key not in self._heard:
            if len(self._heard) >= _MOST_HEARD:
                self._heard.pop(next(iter(self._heard)))
            self._heard[key] = hear(self._network, primer, setting)
        return self._heard[key]


def harmony_for(request: SoloRequest) -> Harmony:
    """Return the key and chords that were given, or those the primer suggests."""
    progression = request.progression
    if progression is None or not progression.changes:
        return harmony_of(request.primer, request.timebase, request.key, request.answer_end_ticks)
    progression = progression.looped_to(request.answer_end_ticks)
    key = request.key or key_over(request.primer, request.timebase, progression)
    return Harmony(key, progression)


def _setting(request: SoloRequest, harmony: Harmony) -> Setting:
    """Return what an answer is played over.

    Where the metre changes under it, bars begin and end as they shall (`_frame`), but the network,
    which has heard no such music, goes on counting in the metre of the first bar.
    """
    start_ticks = request.answer_start_ticks
    meter = request.timebase.meter_at(start_ticks)
    return Setting.of(
        harmony.progression,
        harmony.key,
        meter.bar_ticks / TICKS_PER_BEAT,
        -(-start_ticks // TICKS_PER_STEP),
        STYLES.index(request.style) if request.style else UNKNOWN,
    )


def _line_of(notes: tuple[Note, ...], start_ticks: int = 0) -> Line:
    """Return notes as a line on the grid, their tick 0 being at `start_ticks`."""
    return line_from_ticks(
        [note.onset_ticks + start_ticks for note in notes],
        [note.duration_ticks for note in notes],
        [note.pitch for note in notes],
    )


def _line_or_none(clip: Clip | None, start_ticks: int) -> Line | None:
    return None if clip is None or not clip.notes else _line_of(leading_line(clip), start_ticks)


def _frame(request: SoloRequest, key: Key, setting: Setting) -> Frame:
    start_ticks, end_ticks = request.answer_start_ticks, request.answer_end_ticks
    key = request.kept_key(key)
    first_ticks = start_ticks - request.longest_pickup_ticks
    pitches = np.arange(N_PITCHES)
    first_end = setting.bar_origin + int(min(setting.beats_a_bar, 8) * STEPS_PER_BEAT)
    last_bar_ticks = request.timebase.bar_start_ticks(request.timebase.bar_at(end_ticks - 1))
    return Frame(
        start=-(-first_ticks // TICKS_PER_STEP),
        first_end=first_end,
        last_bar=-(-last_bar_ticks // TICKS_PER_STEP),
        end=-(-end_ticks // TICKS_PER_STEP),
        setting=setting,
        is_in_range=(pitches >= request.lowest_pitch) & (pitches <= request.highest_pitch),
        scale=_classes(key.pitch_classes) if request.is_key_locked else None,
        resting=_classes({key.tonic, (key.tonic + 7) % 12, *_third_of(key)}),
        pitch_freedom=freedom_of(request.surprise, is_pitch=True),
        rhythm_freedom=freedom_of(request.surprise, is_pitch=False),
        furthest_leap=request.furthest_leap,
        levels=levels_of(request.manner),
        following=_line_or_none(request.follows, end_ticks),
        original=_line_or_none(request.original, start_ticks),
        nearness=request.nearness,
        leaning=_leaning(request),
    )


def _leaning(request: SoloRequest) -> Leaning:
    """Return what serves the wished manner; a variation takes up its original, not the phrase."""
    leaning = Leaning.to(request.manner)
    return leaning if request.original is None else replace(leaning, echo=0.0)


def levels_of(manner: Manner) -> Ints:
    """Return the level of each quality that is wished for, `UNKNOWN` where it is left free."""
    wished = (getattr(manner, quality) for quality in QUALITIES)
    return np.array(
        [UNKNOWN if value is None else min(N_LEVELS - 1, int(value * N_LEVELS)) for value in wished]
    )


def _third_of(key: Key) -> frozenset[int]:
    """Return the third above the tonic that lies in the scale, if there is one."""
    return key.pitch_classes.intersection(((key.tonic + 3) % 12, (key.tonic + 4) % 12))


def _classes(members: frozenset[int] | set[int]) -> NDArray[np.bool_]:
    lit = np.zeros(12, bool)
    lit[sorted(members)] = True
    return lit


def _pickup_ticks(line: Line, request: SoloRequest) -> int:
    """Return how long before its first bar line an answer begins; 0 where it waits for that."""
    if not len(line.onsets):
        return 0
    early_ticks = request.answer_start_ticks - int(line.onsets[0]) * TICKS_PER_STEP
    return min(max(early_ticks, 0), request.longest_pickup_ticks)


def _clip_of(line: Line, request: SoloRequest, seed: int, pickup_ticks: int) -> Clip:
    """Return a line as a clip from its pickup to the bar line that ends the answer."""
    first_ticks = request.answer_start_ticks - pickup_ticks
    length_ticks = request.answer_end_ticks - first_ticks
    if not len(line.onsets):  # in bars shorter than a grid step there may be no place for a note
        return Clip((), length_ticks)
    played_ticks = line.onsets * TICKS_PER_STEP + (line.micros - FURTHEST_MICRO) * TICKS_PER_MICRO
    onsets_ticks = _in_order(played_ticks - first_ticks, length_ticks)
    ends_ticks = np.append(onsets_ticks[1:], length_ticks)
    durations_ticks = LENGTHS[line.lengths] * TICKS_PER_STEP
    if request.follows is None:
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
    ]
    return Clip(tuple(notes), length_ticks)


def _in_order(played_ticks: Ints, length_ticks: int) -> Ints:
    """Return onsets within a clip at which no note comes before, or on top of, the one before it.

    A note lost to another's timing would leave a leap nobody allowed.
    """
    apart_ticks = CLOSEST_TICKS * np.arange(len(played_ticks))
    earliest = np.maximum.accumulate(np.maximum(played_ticks, 0) - apart_ticks) + apart_ticks
    latest = length_ticks - CLOSEST_TICKS - apart_ticks[::-1]
    onsets_ticks: Ints = np.minimum(earliest, latest)
    return onsets_ticks
