"""The notes: what was played in blue, what the machine made in orange."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.app.arrangement import Arrangement
from musicassist.music.clip import Clip
from musicassist.music.keys import is_black, pitch_name
from musicassist.music.quantize import GRIDS
from musicassist.music.session import Session
from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane, onsets_between
from musicassist.ui.recording_view import CountDown, PlayedNotes
from musicassist.ui.theme import TINY_PX, Theme, font, mix
from musicassist.ui.time_axis import GUTTER_PX, TimeAxis

LOWEST_PITCH: Final = 0
HIGHEST_PITCH: Final = 127
_FEWEST_ROWS: Final = 26
_SPARE_ROWS: Final = 4  # above and below the music
_LEAST_ROW_PX: Final = 6.0
_MOST_ROW_PX: Final = 18.0
_LEAST_STEP_PX: Final = 9.0  # grid steps closer than this are not drawn
_ROWS_PER_NOTCH: Final = 3


class PianoRoll(Lane):
    """Draws the notes of primer and solo over the keys they belong to.

    `demo_wanted` comes from the button of the empty roll, `pass_wanted` from the one that shows
    another pass of the last recording.
    """

    demo_wanted = Signal()
    pass_wanted = Signal()

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__(axis)
        describe(self, "piano_roll")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self._row_px = 14.0
        self._middle_c_octave = 3
        self._top_pitch = 84.0  # the pitch whose row begins at the upper edge
        self._fitted_range = (0, 0)
        self._lit: dict[int, str] = {}
        self._longest_ticks = {"primer": 0, "solo": 0}
        self._empty, self._demo_button = _empty_state()
        self._demo_button.clicked.connect(self.demo_wanted)
        self._played = PlayedNotes()
        self.count_down = CountDown(self)
        self.pass_button = Button()
        self.pass_button.setParent(self)
        describe(self.pass_button, "pass_button")
        self.pass_button.clicked.connect(self.pass_wanted)
        self.show_passes(None, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GUTTER_PX, 0, 0, 0)
        layout.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignCenter)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session, and all of its notes if their range has changed."""
        super().show_session(session, arrangement)
        self._longest_ticks = {
            "primer": _longest_ticks(arrangement.primer),
            "solo": _longest_ticks(arrangement.solo),
        }
        self._show_empty_state()
        self._fit_pitches()

    def show_middle_c(self, octave: int) -> None:
        """Name notes so that middle C is in an octave: 3 or 4."""
        self._middle_c_octave = octave
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        super().show_theme(theme)
        self._demo_button.show_theme(theme)
        self.pass_button.show_theme(theme)
        self.count_down.show_theme(theme)

    def show_recording(self, *, is_recording: bool) -> None:
        """Show notes while they are played, as long as they are recorded."""
        super().show_recording(is_recording=is_recording)
        self._played.clear()
        self._show_empty_state()

    def show_played(self, pitch: int, *, is_down: bool) -> None:
        """Show a key struck or let go, at the playhead, if that is recorded."""
        if self.is_recording and self.playhead_ticks >= 0:
            self._played.move(pitch, self.playhead_ticks, is_down=is_down)
            self.update()

    def forget_played(self) -> None:
        """Draw no longer what the session has now."""
        self._played.forget()
        self.update()

    def show_playhead(self, ticks: float) -> None:
        """Move the playhead; notes that are held grow with it."""
        before = self.playhead_ticks
        super().show_playhead(ticks)
        if not self._played.are_held:
            return
        if ticks < before:
            self._played.turn(before, ticks)
            self.update()
        else:
            x, end_x = self.axis.x_at(before), self.axis.x_at(ticks)
            self.update(int(x) - 2, 0, int(end_x - x) + 5, self.height())

    def show_passes(self, chosen: int | None, n_passes: int) -> None:
        """Offer the other passes of a recording, if there are any; passes count from 0."""
        is_offered = chosen is not None and n_passes > 1
        self.pass_button.setVisible(is_offered)
        if is_offered:
            assert chosen is not None
            self.pass_button.setText(f"Pass {chosen + 1} of {n_passes}")
            self._place_overlays()

    def light_key(self, pitch: int, token: str | None) -> None:
        """Light a key of the gutter in a colour token, or let it go dark with None."""
        if token is None:
            self._lit.pop(pitch, None)
        else:
            self._lit[pitch] = token
        y = int(self._y_at(pitch))
        self.update(0, y - 1, GUTTER_PX, int(self._row_px) + 3)

    def darken_keys(self) -> None:
        """Let all keys of the gutter go dark."""
        self._lit.clear()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the notes into the new height."""
        super().resizeEvent(event)
        self._place_overlays()
        self._fitted_range = (0, 0)
        self._fit_pitches()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move up and down; with Ctrl and Shift make rows taller; else as every lane."""
        turn = event.angleDelta().y() / 120
        modifiers = event.modifiers()
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if modifiers & control and modifiers & shift:
            self._zoom_rows(1.15**turn, event.position().y())
        elif modifiers & (control | shift) or event.angleDelta().x():
            super().wheelEvent(event)
            return
        else:
            self._move_rows(turn * _ROWS_PER_NOTCH)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus, so that keys mean playback again."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rows, grid, notes, playhead and keys, as far as they are seen."""
        painter = QPainter(self)
        seen = event.rect()
        self._draw_rows(painter, seen)
        painter.save()
        self.clip_to_lane(painter)
        self._draw_grid(painter, seen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        arrangement = self.arrangement
        self._draw_notes(painter, seen, arrangement.primer, 0, self.theme.person, "primer")
        self._draw_notes(
            painter,
            seen,
            arrangement.solo,
            arrangement.solo_start_ticks,
            self.theme.machine,
            "solo",
        )
        self._draw_played(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self.draw_playhead(painter)
        painter.restore()
        if seen.left() < GUTTER_PX:
            self._draw_keys(painter)
        if self.shows_focus:
            painter.setPen(QPen(QColor(self.theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _show_empty_state(self) -> None:
        is_empty = self.arrangement.primer is None and self.arrangement.solo is None
        self._empty.setVisible(is_empty and not self.is_recording)

    def _place_overlays(self) -> None:
        middle = GUTTER_PX + (self.width() - GUTTER_PX - self.count_down.width()) // 2
        self.count_down.move(middle, (self.height() - self.count_down.height()) // 2)
        self.pass_button.adjustSize()
        self.pass_button.move(self.width() - self.pass_button.width() - 12, 12)

    def _y_at(self, pitch: float) -> float:
        return (self._top_pitch - pitch) * self._row_px

    def _pitches_in(self, rect: QRect) -> range:
        highest = int(self._top_pitch - rect.top() / self._row_px) + 1
        lowest = int(self._top_pitch - rect.bottom() / self._row_px) - 1
        return range(max(LOWEST_PITCH, lowest), min(HIGHEST_PITCH, highest) + 1)

    def _fit_pitches(self) -> None:
        pitches = [
            note.pitch
            for clip in (self.arrangement.primer, self.arrangement.solo)
            if clip is not None
            for note in clip.notes
        ]
        lowest, highest = (min(pitches), max(pitches)) if pitches else (53, 77)
        if (lowest, highest) == self._fitted_range or self.height() <= 0:
            return
        self._fitted_range = (lowest, highest)
        n_rows = max(_FEWEST_ROWS, highest - lowest + 1 + 2 * _SPARE_ROWS)
        self._row_px = min(max(self.height() / n_rows, _LEAST_ROW_PX), _MOST_ROW_PX)
        n_seen = self.height() / self._row_px
        self._top_pitch = round((lowest + highest) / 2 + n_seen / 2)
        self._move_rows(0)

    def _move_rows(self, n_rows: float) -> None:
        n_seen = self.height() / self._row_px
        lowest_top, highest_top = LOWEST_PITCH - 1 + n_seen, float(HIGHEST_PITCH)
        top = max(min(self._top_pitch + n_rows, highest_top), min(lowest_top, highest_top))
        self._top_pitch = top
        self.update()

    def _zoom_rows(self, factor: float, about_y: float) -> None:
        kept = self._top_pitch - about_y / self._row_px
        self._row_px = min(max(self._row_px * factor, _LEAST_ROW_PX), _MOST_ROW_PX * 2)
        self._top_pitch = kept + about_y / self._row_px
        self._move_rows(0)

    def _draw_rows(self, painter: QPainter, seen: QRect) -> None:
        theme, key = self.theme, self.session.key
        painter.fillRect(seen, QColor(theme.row_outside))
        for pitch in self._pitches_in(seen):
            if key is None:
                colour = theme.row_outside if is_black(pitch) else theme.row_in_key
            elif pitch % 12 == key.tonic:
                colour = theme.row_tonic
            elif pitch % 12 in key.pitch_classes:
                colour = theme.row_in_key
            else:
                continue
            row = QRectF(seen.left(), self._y_at(pitch), seen.width(), self._row_px - 1)
            painter.fillRect(row, QColor(colour))

    def _draw_grid(self, painter: QPainter, seen: QRect) -> None:
        theme = self.theme
        top, bottom = seen.top(), seen.bottom()
        step_ticks = 480 / float(GRIDS[self.session.timing.grid_name].steps_per_beat)
        step_px = step_ticks * self.axis.px_per_beat / 480
        for _, start_ticks in self.bar_lines(seen):
            meter = self.session.timebase.meter_at(start_ticks)
            count_ticks = meter.bar_ticks / meter.numerator
            if step_px >= _LEAST_STEP_PX:
                painter.setPen(QColor(theme.step_line))
                for index in range(1, int(meter.bar_ticks / step_ticks)):
                    x = round(self.axis.x_at(start_ticks + index * step_ticks))
                    painter.drawLine(x, top, x, bottom)
            if count_ticks * self.axis.px_per_beat / 480 >= _LEAST_STEP_PX:
                painter.setPen(QColor(theme.beat_line))
                for index in range(1, meter.numerator):
                    x = round(self.axis.x_at(start_ticks + index * count_ticks))
                    painter.drawLine(x, top, x, bottom)
            painter.setPen(QColor(theme.line))
            x = round(self.axis.x_at(start_ticks))
            painter.drawLine(x, top, x, bottom)

    def _draw_notes(
        self,
        painter: QPainter,
        seen: QRect,
        clip: Clip | None,
        start_ticks: int,
        colour: str,
        part: str,
    ) -> None:
        if clip is None:
            return
        first_ticks = self.axis.ticks_at(seen.left()) - start_ticks - self._longest_ticks[part]
        last_ticks = self.axis.ticks_at(seen.right()) - start_ticks
        painter.setPen(Qt.PenStyle.NoPen)
        height = max(3.0, self._row_px - 2)
        for note in onsets_between(clip, first_ticks, last_ticks):
            x = self.axis.x_at(start_ticks + note.onset_ticks)
            end_ticks = min(note.end_ticks, clip.length_ticks)
            width = max(3.0, self.axis.x_at(start_ticks + end_ticks) - x - 1)
            painter.setBrush(mix(self.theme.row_outside, colour, velocity_share(note.velocity)))
            painter.drawRoundedRect(QRectF(x, self._y_at(note.pitch) + 0.5, width, height), 2, 2)

    def _draw_played(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.person))
        height = max(3.0, self._row_px - 2)
        for note in self._played:
            end_ticks = self.playhead_ticks if note.end_ticks is None else note.end_ticks
            x = self.axis.x_at(note.start_ticks)
            width = max(3.0, self.axis.x_at(end_ticks) - x - 1)
            painter.drawRoundedRect(QRectF(x, self._y_at(note.pitch) + 0.5, width, height), 2, 2)

    def _draw_keys(self, painter: QPainter) -> None:
        theme = self.theme
        painter.fillRect(QRectF(0, 0, GUTTER_PX, self.height()), QColor(theme.white_key))
        painter.setFont(font(TINY_PX))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for pitch in self._pitches_in(self.rect()):
            y = self._y_at(pitch)
            token = self._lit.get(pitch)
            lit = getattr(self.theme, token) if token is not None else None
            if is_black(pitch):
                painter.fillRect(
                    QRectF(0, y, GUTTER_PX * 0.62, self._row_px), QColor(lit or theme.black_key)
                )
                painter.setPen(QColor(theme.key_line))
                middle = round(y + self._row_px / 2)
                painter.drawLine(round(GUTTER_PX * 0.62), middle, GUTTER_PX, middle)
                continue
            if lit is not None:
                painter.fillRect(QRectF(0, y, GUTTER_PX, self._row_px), QColor(lit))
            if pitch % 12 in (0, 5):  # no black key between: the line is at the row's edge
                painter.setPen(QColor(theme.key_line))
                painter.drawLine(0, round(y + self._row_px), GUTTER_PX, round(y + self._row_px))
            if pitch % 12 == 0 and self._row_px >= TINY_PX:
                painter.setPen(QColor(theme.key_text if lit is None else theme.ground))
                into = QRectF(0, y, GUTTER_PX - 5, self._row_px)
                painter.drawText(
                    into, right, pitch_name(pitch, middle_c_octave=self._middle_c_octave)
                )
        painter.setPen(QColor(theme.line))
        painter.drawLine(GUTTER_PX - 1, 0, GUTTER_PX - 1, self.height())


def velocity_share(velocity: int) -> float:
    """Return how much of its colour a note shows: soft notes are dim, but always seen."""
    return 0.6 + 0.4 * velocity / 127


def _longest_ticks(clip: Clip | None) -> int:
    notes: Iterable[int] = (note.duration_ticks for note in clip.notes) if clip else ()
    return max(notes, default=0)


def _empty_state() -> tuple[QWidget, Button]:
    state = QWidget()
    state.setProperty("role", "clear")
    layout = QVBoxLayout(state)
    layout.setSpacing(8)
    centre = Qt.AlignmentFlag.AlignCenter
    layout.addWidget(label("Play something. It will appear here.", "name"), 0, centre)
    layout.addWidget(label("Or drop a MIDI file here.", "second"), 0, centre)
    button = Button("Load the demo")
    describe(button, "demo_button")
    layout.addSpacing(8)
    layout.addWidget(button, 0, centre)
    return state, button
