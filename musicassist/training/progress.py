"""What training says while it runs: facts as values, told as JSON lines or as sentences.

A trainer process writes `json_line` of each event to its standard output; the command line shows
`sentence` of the same events.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file was read.

    Attributes:
        name: File name without its folder.
        n_notes: Notes and chords found.
        index: Which file this is, from 1.
        n_files: How many there are.
    """

    name: str
    n_notes: int
    index: int
    n_files: int


@dataclass(frozen=True, slots=True)
class FileSkipped:
    """A file could not be used.

    Attributes:
        name: File name without its folder.
        reason: One sentence.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """The network begins to learn.

    Attributes:
        n_examples: What it learns from.
        n_held_back: What it is checked on.
        n_words: Different notes and chords; 0 where notes are not words.
        n_weights: Size of the network.
        first_epoch: The epoch it begins with, from 1; later ones when it goes on.
    """

    n_examples: int
    n_held_back: int
    n_words: int
    n_weights: int
    first_epoch: int


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """The network has seen everything once more.

    Attributes:
        epoch: From 1.
        n_epochs: The most there will be.
        loss: Nats a note on what it learns from.
        held_back_loss: Nats a note on what was held back; None when nothing was.
        is_best: Whether this is the best so far, and kept.
        duration_s: How long it took.
    """

    epoch: int
    n_epochs: int
    loss: float
    held_back_loss: float | None
    is_best: bool
    duration_s: float


@dataclass(frozen=True, slots=True)
class ModelSaved:
    """The model is ready to play.

    Attributes:
        folder: Where it lies.
        parity: Largest difference of a likelihood between Keras and the exported graph.
    """

    folder: Path
    parity: float


TrainingEvent = FileRead | FileSkipped | TrainingStarted | EpochEnded | ModelSaved
Report = Callable[[TrainingEvent], None]


def json_line(event: TrainingEvent) -> str:
    """Return an event as one line of JSON, its kind under "event"."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, default=str)


def sentence(event: TrainingEvent) -> str:
    """Return an event as people read it."""
    match event:
        case FileRead():
            return f"[{event.index}/{event.n_files}] {event.name}: {event.n_notes} notes"
        case FileSkipped():
            return f"Skipped {event.name}: {event.reason}"
        case TrainingStarted():
            words = f"{event.n_words} different notes and chords, " if event.n_words else ""
            return (
                f"Learning from {event.n_examples} examples ({event.n_held_back} held back), "
                f"{words}{event.n_weights:,} weights."
            )
        case EpochEnded():
            held_back = "" if event.held_back_loss is None else f", new {event.held_back_loss:.4f}"
            best = ", best so far" if event.is_best else ""
            return (
                f"Epoch {event.epoch}/{event.n_epochs}: loss {event.loss:.4f}{held_back} "
                f"({event.duration_s:.1f} s{best})"
            )
        case ModelSaved():
            return f"The model is in {event.folder} (parity with Keras {event.parity:.1e})."


def be_silent(event: TrainingEvent) -> None:
    """Tell nobody."""
