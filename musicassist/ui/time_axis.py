"""Where a tick is drawn: the one horizontal scale that all lanes of the time line share."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.theme import scaled

GUTTER_PX: Final = 56  # at the text's usual size
_GUTTER_EDGES_PX: Final = 8  # around what the gutter says, which grows with the text
MOST_PX_PER_BEAT: Final = 400.0
LEAST_PX_PER_BEAT: Final = 4.0
_MARGIN_PX: Final = 12  # so that the last note does not touch the edge
_MUCH: Final = 2.0  # times as long is other music
_MOST_PLACES: Final = 20


class TimeAxis(QObject):
    """A scale from ticks to pixels, with a gutter at the left.

    `changed` says that everything has to be drawn again.

    Attributes:
        gutter_px: How wide the gutter is.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gutter_px = GUTTER_PX
        self._left_ticks = 0.0
        self._px_per_tick = 40.0 / TICKS_PER_BEAT
        self._width_px = 600
        self._length_ticks = TICKS_PER_BEAT * 16
        self._is_fitted = True
        self._places: list[tuple[float, float] | None] = []  # seen before; None for everything

    @property
    def left_ticks(self) -> float:
        """What stands at the left edge."""
        return self._left_ticks

    @property
    def px_per_beat(self) -> float:
        """How wide a quarter note is."""
        return self._px_per_tick * TICKS_PER_BEAT

    @property
    def seen_ticks(self) -> float:
        """How much is seen at once."""
        return self._width_px / self._px_per_tick

    @property
    def length_ticks(self) -> int:
        """How long the whole is."""
        return self._length_ticks

    @property
    def furthest_left_ticks(self) -> float:
        """How far one can move along."""
        return max(0.0, self._length_ticks + _MARGIN_PX / self._px_per_tick - self.seen_ticks)

    def x_at(self, ticks: float) -> float:
        """Return where a tick is drawn, the gutter included."""
        return self.gutter_px + (ticks - self._left_ticks) * self._px_per_tick

    def ticks_at(self, x: float) -> float:
        """Return what is drawn at a place, the gutter included."""
        return self._left_ticks + (x - self.gutter_px) / self._px_per_tick

    def set_room(self, room_px: int) -> None:
        """Say how wide the lanes are, the gutter counted, which is as wide as its words need."""
        gutter_px = scaled(GUTTER_PX - _GUTTER_EDGES_PX) + _GUTTER_EDGES_PX
        if gutter_px != self.gutter_px:
            self.gutter_px = gutter_px
            self.changed.emit()
        self.set_width(room_px - gutter_px)

    def set_width(self, width_px: int) -> None:
        """Say how wide the lanes are, the gutter not counted."""
        if width_px != self._width_px and width_px > 0:
            self._width_px = width_px
            if self._is_fitted:
                self.show_all()
            else:
                self.scroll_to(self._left_ticks)

    def set_length(self, length_ticks: int) -> None:
        """Say how long the music is; much more or less of it is shown as a whole.

        Otherwise what has been zoomed into stays in sight.
        """
        if length_ticks == self._length_ticks:
            return
        growth = length_ticks / max(1, self._length_ticks)
        self._length_ticks = length_ticks
        if self._is_fitted or not 1 / _MUCH < growth < _MUCH:
            self.show_all()
        else:
            self.scroll_to(self._left_ticks)

    def show_all(self) -> None:
        """Let everything fit."""
        fitting = (self._width_px - _MARGIN_PX) / max(1, self._length_ticks)
        self._px_per_tick = _within_limits(fitting)
        self._is_fitted = True
        self._left_ticks = 0.0
        self.changed.emit()

    def zoom(self, factor: float, about_x: float | None = None) -> None:
        """Show more or less, around a place or the middle."""
        middle_x = self.gutter_px + self._width_px / 2
        x = middle_x if about_x is None else max(self.gutter_px, about_x)
        kept_ticks = self.ticks_at(x)
        self._px_per_tick = _within_limits(self._px_per_tick * factor)
        self._is_fitted = False
        self.scroll_to(kept_ticks - (x - self.gutter_px) / self._px_per_tick)

    def zoom_to(self, first_ticks: float, end_ticks: float) -> None:
        """Let a range fill the lanes, with a little room beside it."""
        self._places.append(None if self._is_fitted else (self._left_ticks, self._px_per_tick))
        del self._places[:-_MOST_PLACES]
        span_ticks = max(1.0, end_ticks - first_ticks) * 1.1
        self._px_per_tick = _within_limits(self._width_px / span_ticks)
        self._is_fitted = False
        self.scroll_to((first_ticks + end_ticks - self.seen_ticks) / 2)

    def zoom_back(self) -> None:
        """Show what was seen before `zoom_to`, or else everything."""
        place = self._places.pop() if self._places else None
        if place is None:
            self.show_all()
        else:
            self._px_per_tick = place[1]
            self.scroll_to(place[0])

    def reveal(self, ticks: float) -> None:
        """Move along as little as is needed to see a place, and some more."""
        if not self._left_ticks <= ticks <= self._left_ticks + self.seen_ticks * 0.98:
            self.scroll_to(ticks - self.seen_ticks / 3)

    def scroll_to(self, left_ticks: float) -> None:
        """Move along, as far as there is something to see."""
        self._left_ticks = min(max(0.0, left_ticks), self.furthest_left_ticks)
        self.changed.emit()

    def keep_seen(self, ticks: float) -> None:
        """Turn the page when a place is out of sight."""
        if not self._left_ticks <= ticks < self._left_ticks + self.seen_ticks:
            self.scroll_to(ticks)


def _within_limits(px_per_tick: float) -> float:
    least, most = LEAST_PX_PER_BEAT / TICKS_PER_BEAT, MOST_PX_PER_BEAT / TICKS_PER_BEAT
    return min(max(px_per_tick, least), most)
