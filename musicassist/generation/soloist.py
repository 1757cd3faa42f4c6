"""What every soloist is asked, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import QUALITIES, STYLES, Manner
from musicassist.music.solo import LONGEST_PICKUP_TICKS, Solo
from musicassist.music.timebase import Timebase

MOST_BARS: Final = 64
MOST_TAKES: Final = 16
_SEED_STRIDE: Final = 10_007


@dataclass(frozen=True, slots=True)
class SoloRequest:
    """A wish for some takes.

    Attributes:
        primer: What was played; at least one note.
        timebase: Tempo and metre of the primer and, going on, of the answer.
        key: The key to play in; None lets the soloist find it in the primer.
        progression: Chords under primer and answer, tick 0 being the primer's start; or None.
        n_bars: Whole bars to answer, 1 to `MOST_BARS`.
        n_takes: How many answers, 1 to `MOST_TAKES`.
        seed: 0 to 2**32 - 1; same request, same solos.
        surprise: From 0 (the likeliest) over .5 (as learned) to 1 (wild).
        is_key_locked: Whether only notes of the key (and of the chords) may be played.
        lowest_pitch: Lowest MIDI pitch allowed.
        highest_pitch: Highest MIDI pitch allowed.
        furthest_leap: Widest step from one note to the next in semitones, 1-48.
        scales: The mode to keep to instead of another while the key is locked, by the other's name,
            such as "blues" for "minor". The harmony stays that of the key itself.
        style: One of `manner.STYLES` to play in, or nothing for whatever the primer suggests.
        manner: How to play: density, register and the like; anything may be left free.
        has_pickup: Whether the answer may begin before its first bar line, by
            `longest_pickup_ticks` at most.
        follows: What stands right after the answer, tick 0 being the answer's end; the answer
            leads into it. None for nothing.
        original: What to vary, tick 0 being the answer's start; None for something new.
        nearness: How close a variation stays to its original, 0 (far) to 1 (near).

    Raises:
        ValueError: A field is out of range.
    """

    primer: Clip
    timebase: Timebase
    key: Key | None = None
    progression: Progression | None = None
    n_bars: int = 8
    n_takes: int = 4
    seed: int = 1
    surprise: float = 0.5
    is_key_locked: bool = True
    lowest_pitch: int = 36
    highest_pitch: int = 96
    furthest_leap: int = 16
    scales: Mapping[str, str] = field(default_factory=dict)
    style: str = ""
    manner: Manner = field(default_factory=Manner)
    has_pickup: bool = False
    follows: Clip | None = None
    original: Clip | None = None
    nearness: float = 0.5

    def __post_init__(self) -> None:
        if not (1 <= self.n_bars <= MOST_BARS and 1 <= self.n_takes <= MOST_TAKES):
            raise ValueError(f"1-{MOST_BARS} bars and 1-{MOST_TAKES} takes: {self}")
        if not (0 <= self.surprise <= 1 and 0 <= self.seed < 2**32):
            raise ValueError(f"surprise is 0-1 and seed 0 to 2**32 - 1: {self}")
        if not 0 <= self.lowest_pitch <= self.highest_pitch - 12 <= 115:
            raise ValueError(f"a range is at least an octave within 0-127: {self}")
        if not (1 <= self.furthest_leap <= 48 and 0 <= self.nearness <= 1):
            raise ValueError(f"a leap is 1-48 semitones and nearness 0-1: {self}")
        if self.style and self.style not in STYLES:
            raise ValueError(f"there is no style {self.style!r}")
        if not self.primer.notes:
            raise ValueError("there is nothing to continue")

    def kept_key(self, key: Key) -> Key:
        """Return the key whose notes may be played while the key is locked."""
        mode = self.scales.get(key.mode) if self.is_key_locked else None
        return key if mode is None else Key(key.tonic, mode, key.prefers_flats)

    def settings(self, key: Key) -> dict[str, str | int | float | bool]:
        """Return the wishes as plain values, to be kept with every solo made from them.

        Args:
            key: The key played in, given or found.
        """
        settings: dict[str, str | int | float | bool] = {
            "key": key.name,
            "n_bars": self.n_bars,
            "surprise": self.surprise,
            "is_key_locked": self.is_key_locked,
            "lowest_pitch": self.lowest_pitch,
            "highest_pitch": self.highest_pitch,
            "furthest_leap": self.furthest_leap,
            "has_pickup": self.has_pickup,
        }
        if (kept := self.kept_key(key)) != key:
            settings["scale"] = kept.name
        if self.style:
            settings["style"] = self.style
        if self.original is not None:
            settings["nearness"] = self.nearness
        wished = ((quality, getattr(self.manner, quality)) for quality in QUALITIES)
        return settings | {quality: value for quality, value in wished if value is not None}

    def seed_of(self, row: int) -> int:
        """Return the seed of the row-th answer drawn; alone it makes that answer again.

        They lie so far apart that requests with neighbouring seeds have no answer in common.
        """
        return (self.seed + row * _SEED_STRIDE) % 2**32

    @property
    def answer_start_ticks(self) -> int:
        """The bar line that ends the primer, from the primer's start."""
        primer = self.primer
        return self.timebase.next_bar_line_ticks(
            max(primer.length_ticks, primer.notes[-1].onset_ticks + 1)
        )

    @property
    def longest_pickup_ticks(self) -> int:
        """How long before its first bar line the answer may begin: in the rest before it only."""
        if not self.has_pickup:
            return 0
        rest_ticks = self.answer_start_ticks - self.primer.end_of_notes_ticks
        return min(max(rest_ticks, 0), LONGEST_PICKUP_TICKS)

    @property
    def answer_end_ticks(self) -> int:
        """The bar line that ends the answer, from the primer's start."""
        first_bar = self.timebase.bar_at(self.answer_start_ticks)
        return self.timebase.bar_start_ticks(first_bar + self.n_bars)


@dataclass(frozen=True, slots=True)
class Harmony:
    """What a phrase and its answer are played over.

    Attributes:
        key: The key.
        progression: The chords, tick 0 being the phrase's start.
    """

    key: Key
    progression: Progression


class Soloist(Protocol):
    """Something that continues a phrase."""

    @property
    def model_id(self) -> str:
        """Name of the model, as shown and as saved with every solo."""
        ...

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        """Return `request.n_takes` answers, best first.

        Args:
            request: What is wished.
            should_stop: Asked at every note; True ends the work.

        Raises:
            UserCancelled: `should_stop` said so.
        """
        ...
