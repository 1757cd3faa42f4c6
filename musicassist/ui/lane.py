"""What all lanes of the time line have in common."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from musicassist.app.arrangement import Arrangement
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.theme import DARK, Theme
from musicassist.ui.time_axis import TimeAxis

_NOTCH = 120  # a wheel's own unit
_ZOOM_PER_NOTCH = 1.25


class Lane(QWidget):
    """A strip along the time axis that shows part of a session and the playhead.

    Args:
        axis: The scale it shares with the other lanes.
    """

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__()
        self.axis = axis
        self.theme = DARK
        self.session = Session()
        self.arrangement = Arrangement()
        self.playhead_ticks = 0.0
        self.is_recording = False
        self.shows_focus = False
        axis.changed.connect(self.update)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session."""
        self.session = session
        self.arrangement = arrangement
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.theme = theme
        self.update()

    def show_playhead(self, ticks: float) -> None:
        """Move the playhead; only the strips it leaves and enters are drawn again."""
        for place in (self.playhead_ticks, ticks):
            self.update(int(self.axis.x_at(place)) - 2, 0, 5, self.height())
        self.playhead_ticks = ticks

    def show_recording(self, *, is_recording: bool) -> None:
        """Show by a red playhead that what is played is recorded."""
        self.is_recording = is_recording
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, move along with Shift or a sideways wheel."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = _ZOOM_PER_NOTCH ** (turn / _NOTCH)
            self.axis.zoom(factor, event.position().x())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or event.angleDelta().x():
            shift_ticks = self.axis.seen_ticks / 8 * turn / _NOTCH
            self.axis.scroll_to(self.axis.left_ticks - shift_ticks)
        else:
            event.ignore()
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when keys brought it; a click shows its place by itself."""
        super().focusInEvent(event)
        self.shows_focus = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.shows_focus = False
        self.update()

    def bar_lines(self, around: QRect) -> list[tuple[int, int]]:
        """Return the bars, from 0, and their ticks, that start near a rectangle."""
        timebase = self.session.timebase
        first_bar = timebase.bar_at(
            max(0.0, self.axis.ticks_at(max(around.left(), self.axis.gutter_px)))
        )
        last_ticks = self.axis.ticks_at(around.right())
        lines: list[tuple[int, int]] = []
        bar, start_ticks = first_bar, timebase.bar_start_ticks(first_bar)
        while start_ticks <= last_ticks:
            lines.append((bar, start_ticks))
            bar += 1
            start_ticks = timebase.bar_start_ticks(bar)
        return lines

    def draw_playhead(self, painter: QPainter) -> None:
        """Draw the playhead over the lane."""
        x = self.axis.x_at(self.playhead_ticks)
        if x >= self.axis.gutter_px:
            colour = self.theme.danger if self.is_recording else self.theme.playhead
            painter.setPen(QPen(QColor(colour), 1.5))
            painter.drawLine(round(x), 0, round(x), self.height())

    def clip_to_lane(self, painter: QPainter) -> None:
        """Keep what is drawn from now on out of the gutter."""
        painter.setClipRect(
            QRectF(self.axis.gutter_px, 0, self.width() - self.axis.gutter_px, self.height())
        )


def onsets_between(clip: Clip | None, first_ticks: float, last_ticks: float) -> tuple[Note, ...]:
    """Return the notes of a clip that start in a range, found without looking at the others."""
    if clip is None:
        return ()
    first = bisect_left(clip.notes, first_ticks, key=_onset)
    return clip.notes[first : bisect_right(clip.notes, last_ticks, lo=first, key=_onset)]


def _onset(note: Note) -> int:
    return note.onset_ticks
