"""Which chords are chosen, and how one moves along them."""

from bisect import bisect_right
from itertools import islice
from typing import Final

from musicassist.music.timebase import Timebase
from musicassist.ui.chord_cells import ShownCell
from musicassist.ui.chord_words import spoken_chord, spoken_length, spoken_place

Range = tuple[int, int]
"""Start and end, in ticks."""

_MOST_SPOKEN: Final = 8


class ChordSelection:
    """A range of the chord track, from where it was begun to where it has been taken.

    Attributes:
        cells: The cells there are, without a gap.
        timebase: Where bars and beats lie.
        is_by_beat: Whether one moves by beats instead of cells.
        anchor: Where choosing began; None when nothing is chosen.
        focus: Where it has been taken.
    """

    def __init__(self) -> None:
        self.cells: tuple[ShownCell, ...] = ()
        self.timebase = Timebase()
        self.is_by_beat = False
        self.anchor: Range | None = None
        self.focus: Range | None = None

    @property
    def chosen(self) -> Range | None:
        """The whole range."""
        if self.anchor is None or self.focus is None:
            return None
        return min(self.anchor[0], self.focus[0]), max(self.anchor[1], self.focus[1])

    @property
    def written(self) -> Range | None:
        """The range to the end of its last chord: what is written into it holds until there."""
        chosen = self.chosen
        if chosen is None or chosen[1] > self.end_ticks:
            return chosen
        return chosen[0], self.cell_at(chosen[1] - 1).end_ticks

    @property
    def words(self) -> str:
        """What is chosen, as it is read aloud."""
        chosen = self.chosen
        if chosen is None:
            return ""
        seen = (c for c in self.cells if c.start_ticks < chosen[1] and c.end_ticks > chosen[0])
        said = ", ".join(spoken_chord(cell.text) for cell in islice(seen, _MOST_SPOKEN))
        place, length = (
            spoken_place(self.timebase, chosen[0]),
            spoken_length(self.timebase, *chosen),
        )
        return f"{place}, {said}, {length}"

    @property
    def is_single(self) -> bool:
        """Whether one cell or beat is chosen."""
        return self.focus is not None and self.focus == self.anchor

    @property
    def end_ticks(self) -> int:
        """Where the last cell ends."""
        return self.cells[-1].end_ticks if self.cells else 0

    def choose(self, place: Range | None, *, is_further: bool = False) -> None:
        """Choose a range, or let the one chosen reach to it."""
        self.focus = place
        if not is_further or self.anchor is None:
            self.anchor = place

    def cell_at(self, ticks: float) -> ShownCell:
        """Return the cell a place lies in, the first or last one outside of all."""
        return self.cells[self.index_at(ticks)]

    def index_at(self, ticks: float) -> int:
        """Return which cell a place lies in."""
        return max(0, bisect_right(self.cells, ticks, key=_start) - 1)

    def text_at(self, ticks: float) -> str:
        """Return the chord at a place, as it is written; empty for none."""
        return self.cell_at(ticks).text if ticks < self.end_ticks else ""

    def range_at(self, ticks: float) -> Range:
        """Return the cell or beat a place lies in; past the end a new bar.

        From a bar line within a long chord it is the rest of that chord.
        """
        timebase = self.timebase
        bar = timebase.bar_at(ticks)
        bar_ticks = timebase.bar_start_ticks(bar)
        if ticks >= self.end_ticks:
            return bar_ticks, timebase.bar_start_ticks(bar + 1)
        if self.is_by_beat:
            return self.beat_at(ticks)
        cell = self.cell_at(ticks)
        return (bar_ticks if ticks == bar_ticks else cell.start_ticks), cell.end_ticks

    def neighbour(self, n_steps: int) -> int | None:
        """Return a place before or after what was chosen last; None before the start."""
        if self.focus is None:
            return 0
        if n_steps > 0:
            return self.focus[1]
        return self.focus[0] - 1 if self.focus[0] > 0 else None

    def beat_at(self, ticks: float) -> Range:
        """Return the beat a place lies in, as the metre counts."""
        timebase = self.timebase
        start_ticks = timebase.bar_start_ticks(timebase.bar_at(ticks))
        meter = timebase.meter_at(ticks)
        count = int((ticks - start_ticks) * meter.numerator // meter.bar_ticks)
        first, last = (
            start_ticks + meter.bar_ticks * each // meter.numerator for each in (count, count + 1)
        )
        return first, last

    def new_chord_at(self, ticks: float) -> Range:
        """Return where a chord stands that is added at a place: from its beat to its cell's end."""
        ticks = min(ticks, max(0, self.end_ticks - 1))
        cell = self.cell_at(ticks)
        return max(cell.start_ticks, self.beat_at(ticks)[0]), cell.end_ticks

    def snapped(self, ticks: float, *, to_bar: bool) -> int:
        """Return the beat, or bar line, next to a place."""
        first, last = self.beat_at(ticks)
        if to_bar:
            bar = self.timebase.bar_at(ticks)
            first, last = (self.timebase.bar_start_ticks(each) for each in (bar, bar + 1))
        return first if ticks - first < last - ticks else last


def _start(cell: ShownCell) -> int:
    return cell.start_ticks
