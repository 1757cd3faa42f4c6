"""Small music to measure: lines and passages made by hand, players that need no network."""

from pathlib import Path

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.evaluation.passages import Passage
from musicassist.files.smf_write import solo_bytes
from musicassist.generation.encoding import FURTHEST_MICRO, Line, Setting, length_classes
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase

BAR = 96


def make_line(onsets, pitches, lengths=12) -> Line:
    onsets = np.asarray(onsets, np.int64)
    steps = np.broadcast_to(np.asarray(lengths), onsets.shape)
    return Line(
        onsets,
        np.asarray(pitches, np.int64),
        length_classes(steps),
        np.full(len(onsets), FURTHEST_MICRO, np.int64),
    )


def make_setting(chords: str | None = "C7", key: str | None = "C") -> Setting:
    progression = None if chords is None else parse_progression(chords, Timebase())
    return Setting.of(progression, None if key is None else Key.parse(key))


def make_passage(
    answer: Line, primer: Line | None = None, setting: Setting | None = None, n_bars=8, piece=0
) -> Passage:
    """A passage whose answer, like its primer, is given from step 0 of its own."""
    primer = make_line([], []) if primer is None else primer
    start = 4 * BAR
    moved = Line(answer.onsets + start, answer.pitches, answer.lengths, answer.micros)
    setting = make_setting() if setting is None else setting
    return Passage(piece, 0, setting, primer, moved, start, start + n_bars * BAR)


def scale_walk(rng: np.random.Generator, n_bars: int) -> tuple[list[int], list[int]]:
    """A simple kind of music: eighths walking along C major, some left out."""
    scale = [pitch for pitch in range(55, 85) if pitch % 12 in (0, 2, 4, 5, 7, 9, 11)]
    onsets, pitches = [], []
    place = len(scale) // 2
    for eighth in range(n_bars * 8):
        place = int(np.clip(place + rng.choice((-2, -1, -1, 1, 1, 2)), 0, len(scale) - 1))
        if eighth % 8 == 0 or rng.random() < 0.7:
            onsets.append(eighth * 12)
            pitches.append(scale[place])
    return onsets, pitches


def walking_piece(number: int, n_bars: int = 36, *, is_held_back: bool = False) -> Piece:
    rng = np.random.Generator(np.random.PCG64(number))
    line = make_line(*scale_walk(rng, n_bars))
    setting = make_setting("C | Dm7 | G7 | C" + " | C | Dm7 | G7 | C" * (n_bars // 4 - 1))
    return Piece(f"walk {number}", f"tune {number}", line, setting, is_held_back)


class Walker:
    """Plays the same kind of music as the made-up humans."""

    model_id = "walker"

    def continue_phrase(self, request: SoloRequest, should_stop=lambda: False):
        return tuple(self._solo(request, take) for take in range(request.n_takes))

    def _solo(self, request: SoloRequest, take: int) -> Solo:
        rng = np.random.Generator(np.random.PCG64([request.seed, take]))
        notes = self.notes(rng, request.n_bars)
        return Solo(Clip(notes, request.n_bars * 1920), self.model_id, request.seed, request.primer)

    def notes(self, rng: np.random.Generator, n_bars: int) -> tuple[Note, ...]:
        onsets, pitches = scale_walk(rng, n_bars)
        return tuple(
            Note(onset * 20, 240, pitch) for onset, pitch in zip(onsets, pitches, strict=True)
        )

    def note_nats(self, line: Line, setting: Setting) -> dict[str, np.ndarray]:
        """Steps along the scale are cheap, leaps and other notes are dear."""
        leaps = np.abs(np.diff(line.pitches, prepend=line.pitches[:1]))
        nats = 1.0 + 0.5 * leaps
        return {"note": nats, "pitch": nats - 1.0, "length": np.ones(len(nats))}


class Monkey(Walker):
    """Presses any key at any time."""

    model_id = "monkey"

    def notes(self, rng: np.random.Generator, n_bars: int) -> tuple[Note, ...]:
        places = np.sort(rng.choice(n_bars * 32, n_bars * 10, replace=False))
        pitches = rng.integers(36, 97, len(places))
        return tuple(
            Note(int(at) * 60, 60, int(pitch)) for at, pitch in zip(places, pitches, strict=True)
        )

    def note_nats(self, line: Line, setting: Setting) -> dict[str, np.ndarray]:
        rng = np.random.Generator(np.random.PCG64(int(line.pitches.sum())))
        return {"note": rng.random(len(line.pitches))}


def write_corpus(folder: Path, n_pieces: int, n_bars: int = 36) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(n_pieces):
        rng = np.random.Generator(np.random.PCG64(number))
        clip = Clip(Walker().notes(rng, n_bars), n_bars * 1920)
        data = solo_bytes(clip, Timebase(), Key.parse("C"), f"Walk {number}")
        (folder / f"walk{number}.mid").write_bytes(data)
    return folder
