"""A feel: how chords, bass and drums move, as patterns over four counts.

A bar is written as four cells, one a count, divided by `|`; a cell has as many signs as the count
has steps: four are sixteenths, three are triplets, six are sixteenths of a dotted count.

Chords: `X x o` strike hard, usually, softly; `>` strikes the chord that comes next before its time;
`-` lets it ring, `.` is silence. Bass: `r 3 5 7 8` are the chord's lowest note, third, fifth,
seventh and octave, `w` walks, `a` leads into what comes, `>` plays the next root before its time.
Drums: `X x o g` strike from an accent down to a ghost note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

N_COUNTS: Final = 4
CELL_STEPS: Final = (3, 4, 6)

VOICINGS: Final = ("full", "triad", "shell", "power")
Voicing = Literal["full", "triad", "shell", "power"]

CHORD_SIGNS: Final = frozenset("Xxo>-.")
BASS_SIGNS: Final = frozenset("r3578wa>-.")
DRUM_SIGNS: Final = frozenset("Xxog.")

# Source: General MIDI 1, the percussion key map.
DRUM_PITCHES: Final[Mapping[str, int]] = {
    "kick": 36,
    "stick": 37,
    "snare": 38,
    "clap": 39,
    "low_tom": 45,
    "middle_tom": 47,
    "high_tom": 50,
    "hat": 42,
    "pedal": 44,
    "open_hat": 46,
    "crash": 49,
    "ride": 51,
    "bell": 53,
    "tambourine": 54,
    "shaker": 70,
}

Bar = tuple[str, ...]
"""The cells of a bar: four, or one a pulse where it is written for one metre."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is played in one bar after another; each part goes round its own bars.

    Attributes:
        chords: Bars of the chord instrument.
        bass: Bars of the bass.
        drums: Bars of each drum, by its name in `DRUM_PITCHES`.
    """

    chords: tuple[Bar, ...]
    bass: tuple[Bar, ...]
    drums: tuple[tuple[str, tuple[Bar, ...]], ...]


@dataclass(frozen=True, slots=True)
class Touch:
    """How far people are from a machine, in milliseconds and shares.

    Attributes:
        spread_ms: Standard deviation of single strokes about the drummer's own time.
        drift_ms: Standard deviation of that time, which wanders slowly and carries all parts.
        velocity_spread: Standard deviation of the strength of strokes, as a share of it.
        late_ms: How far each part, or drum, usually is behind (or before, below 0) the grid.
    """

    spread_ms: float = 4.0
    drift_ms: float = 4.0
    velocity_spread: float = 0.07
    late_ms: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Feel:
    """A way of accompanying.

    Attributes:
        feel_id: Its name in sessions.
        title: What people see.
        description: A few words on how it plays.
        patterns: What is played over four counts.
        in_metres: What is played instead in a metre such as "3/4", a cell for each of its pulses.
        fills: Bars of fills, each drum with its four cells; the last count or two are played.
        voicing: How chords are laid out.
        swing: Where the second of a pair of steps lies, as a share of the pair: triplets of a
            quarter are 2/3, straight sixteenths .5.
        chords_range: Lowest and highest pitch of the chord instrument.
        chords_program: General MIDI program of the chord instrument.
        bass_program: General MIDI program of the bass.
        strum_ms: How far the notes of a chord are apart.
        strength: Factor on the velocities of "chords", "bass" and "drums".
        touch: How human it is.

    Raises:
        ValueError: A pattern cannot be played.
    """

    feel_id: str
    title: str
    description: str
    patterns: Patterns
    in_metres: tuple[tuple[str, Patterns], ...] = ()
    fills: tuple[tuple[tuple[str, Bar], ...], ...] = ()
    voicing: Voicing = "full"
    swing: float = 0.5
    chords_range: tuple[int, int] = (52, 74)
    chords_program: int = 4
    bass_program: int = 32
    strum_ms: float = 0.0
    strength: Mapping[str, float] = field(default_factory=dict)
    touch: Touch = field(default_factory=Touch)

    def __post_init__(self) -> None:
        if self.voicing not in VOICINGS or not 0.5 <= self.swing <= 0.75:
            raise ValueError(f"{self.feel_id}: no such voicing, or a swing outside .5-.75")
        if self.chords_range[1] - self.chords_range[0] < 12:
            raise ValueError(f"{self.feel_id}: chords need an octave of room")
        _check(self.patterns, N_COUNTS)
        for _metre, patterns in self.in_metres:
            _check(patterns, None)
        for fill in self.fills:
            for drum, bar in fill:
                _check_bars(drum, (bar,), DRUM_SIGNS, N_COUNTS)

    def patterns_for(self, metre: str) -> Patterns:
        """Return what is written for a metre such as "3/4" itself, or over four counts."""
        return next((each for name, each in self.in_metres if name == metre), self.patterns)


def bar_of(text: str) -> Bar:
    """Return the cells of a bar as it is written in a file."""
    return tuple("".join(cell.split()) for cell in text.split("|"))


def _check(patterns: Patterns, n_cells: int | None) -> None:
    _check_bars("chords", patterns.chords, CHORD_SIGNS, n_cells)
    _check_bars("bass", patterns.bass, BASS_SIGNS, n_cells)
    for drum, bars in patterns.drums:
        _check_bars(drum, bars, DRUM_SIGNS, n_cells)


def _check_bars(
    part: str, bars: tuple[Bar, ...], signs: frozenset[str], n_cells: int | None
) -> None:
    if part not in DRUM_PITCHES and part not in ("chords", "bass"):
        raise ValueError(f"there is no drum {part!r}")
    for bar in bars:
        if n_cells is not None and len(bar) != n_cells:
            raise ValueError(f"{part}: a bar has {n_cells} counts: {'|'.join(bar)}")
        if not all(len(cell) in CELL_STEPS and signs.issuperset(cell) for cell in bar):
            raise ValueError(f"{part}: signs nobody can play: {'|'.join(bar)}")
