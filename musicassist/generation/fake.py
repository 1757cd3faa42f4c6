"""A soloist without a network, for machines without a model and for tests."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from musicassist.errors import UserCancelled
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.keys import estimate_key
from musicassist.music.note import Note
from musicassist.music.solo import Solo


class EchoSoloist:
    """Answers with the primer again, moved along the scale a little differently in every take."""

    @property
    def model_id(self) -> str:
        """Name of the model, as shown and as saved with every solo."""
        return "echo"

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        """Return `request.n_takes` echoes; `Soloist.continue_phrase` says the rest."""
        return tuple(
            self._echo(request, (request.seed + take) % 2**32, should_stop)
            for take in range(request.n_takes)
        )

    def _echo(self, request: SoloRequest, seed: int, should_stop: Callable[[], bool]) -> Solo:
        random = Random(seed)
        scale = _scale_of(request)
        start_ticks = request.timebase.next_bar_line_ticks(request.primer.length_ticks)
        bar = request.timebase.bar_at(start_ticks)
        end_ticks = request.timebase.bar_start_ticks(bar + request.n_bars)
        length_ticks = end_ticks - start_ticks
        most_steps = 1 + round(request.surprise * 6)
        notes: list[Note] = []
        for turn_ticks in range(0, length_ticks, max(1, request.primer.length_ticks)):
            n_steps = random.randint(-most_steps, most_steps)
            for note in request.primer.notes:
                if should_stop():
                    raise UserCancelled
                onset_ticks = turn_ticks + note.onset_ticks
                if onset_ticks >= length_ticks or random.random() < 0.12:
                    continue
                nearest = min(range(len(scale)), key=lambda i: abs(scale[i] - note.pitch))
                wander = random.choice((0, 0, 0, -1, 1))
                step = min(max(0, nearest + n_steps + wander), len(scale) - 1)
                notes.append(
                    Note(
                        onset_ticks,
                        min(note.duration_ticks, length_ticks - onset_ticks),
                        scale[step],
                        min(127, max(1, note.velocity + random.randint(-12, 12))),
                    )
                )
        clip = Clip(without_overlaps(notes), length_ticks)
        settings = {"n_bars": request.n_bars, "surprise": request.surprise}
        return Solo(clip, self.model_id, seed, replace(request.primer), settings)


def _scale_of(request: SoloRequest) -> list[int]:
    """Return the pitches that may be played, in order."""
    pitches = range(request.lowest_pitch, request.highest_pitch + 1)
    if not request.is_key_locked:
        return list(pitches)
    key = request.key or estimate_key(request.primer.notes)
    return [pitch for pitch in pitches if pitch % 12 in key.pitch_classes]
