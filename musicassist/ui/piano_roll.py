"""The notes: what was played in blue, what the machine made in orange."""

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QVBoxLayout

from musicassist.app.arrangement import Arrangement
from musicassist.app.drawn_notes import PRIMER
from musicassist.app.note_editor import NoteEditor
from musicassist.music.clip import Clip
from musicassist.music.session import Session
from musicassist.ui.bar_sweep import BarSweep, draw_sweep
from musicassist.ui.controls import Button
from musicassist.ui.edge_scroll import EdgeScroll
from musicassist.ui.empty_roll import EmptyRoll
from musicassist.ui.ghost_takes import GhostTakes, phrase_ghost
from musicassist.ui.hints import describe
from musicassist.ui.key_gutter import draw_keys
from musicassist.ui.lane import Lane
from musicassist.ui.note_colours import NoteColours
from musicassist.ui.note_painter import NotePainter, ghost_colour
from musicassist.ui.note_words import choice_words, note_words
from musicassist.ui.pitch_rows import PitchRows
from musicassist.ui.recording_view import CountDown, PlayedNotes
from musicassist.ui.roll_ground import draw_grid, draw_rows
from musicassist.ui.roll_pointer import RollPointer
from musicassist.ui.snap import SnapGrid, snap_grid
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis

_ROWS_PER_NOTCH: Final = 3
_GUTTER_VELOCITY: Final = 90


class RollKeys(Protocol):
    """What the keyboard means while the roll has the focus."""

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is the roll's now, and not the window's."""

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; whether it says anything."""

    def release(self, event: QKeyEvent) -> None:
        """Take in that a key was let go."""


class PianoRoll(Lane):
    """Draws the notes of primer and solo over the keys they belong to, and lets them be edited.

    `demo_wanted` comes from the button of the empty roll, `pass_wanted` from the one that shows
    another pass of the last recording, `sweep_button_pressed` from the one over swept bars,
    `note_touched(pitch, velocity)` comes when a note is pressed on or moved to another pitch,
    `key_pressed(pitch, velocity)` and `key_released(pitch)` from the keys at the left, and
    `menu_wanted(place, ticks)` when a context menu shall open.

    Args:
        axis: The scale it shares with the other lanes.
        notes: What edits the notes.
        colours: What colour each note has.
    """

    demo_wanted = Signal()
    pass_wanted = Signal()
    sweep_button_pressed = Signal()
    sweep_given_up = Signal()
    key_pressed = Signal(int, int)
    key_released = Signal(int)
    note_touched = Signal(int, int)
    menu_wanted = Signal(QPoint, float)

    def __init__(self, axis: TimeAxis, notes: NoteEditor, colours: NoteColours) -> None:
        super().__init__(axis)
        describe(self, "piano_roll")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(120)
        self.notes = notes
        self.colours = colours
        self.rows = PitchRows()
        self.pointer = RollPointer(self)
        self._edge_scroll = EdgeScroll(self)
        self._edge_scroll.went_on.connect(self.pointer.go_on)
        self.keys: RollKeys | None = None
        self.is_drawing = False
        self.is_highlighted = True
        self.is_adaptive = False
        self.shows_phrase = False
        self._ghosts = GhostTakes()
        self.sweep: BarSweep | None = None
        self._painter = NotePainter(axis, self.rows, colours)
        self._seen_clips: dict[str, Clip] = {}
        self._lit: dict[int, str] = {}
        self._gutter_pitch: int | None = None
        self._empty = EmptyRoll()
        self._empty.demo_wanted.connect(self.demo_wanted)
        self._played = PlayedNotes()
        self.count_down = CountDown(self)
        self.pass_button = self._overlay("pass_button", "plain")
        self.pass_button.clicked.connect(self.pass_wanted)
        self.sweep_button = self._overlay("sweep_button", "working")
        self.sweep_button.clicked.connect(self.sweep_button_pressed)
        self.show_passes(None, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignVCenter)
        axis.changed.connect(self._place_overlays)
        notes.selection_changed.connect(self._on_notes_selection_changed)

    @property
    def snap(self) -> SnapGrid:
        """The grid that notes snap to."""
        return snap_grid(self.session, self.axis, is_adaptive=self.is_adaptive)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session, and all of its notes if they are others."""
        super().show_session(session, arrangement)
        self._painter.key = session.key
        self.colours.show_session(session, arrangement)
        self._ghosts.follow(session)
        self._show_empty_state()
        self._fit_pitches()
        self._describe_selection()

    def show_middle_c(self, octave: int) -> None:
        """Name notes so that middle C is in an octave: 3 or 4."""
        self._painter.middle_c_octave = octave
        self._describe_selection()
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        super().show_theme(theme)
        self.colours.show_theme(theme)
        self._empty.show_theme(theme)
        self.pass_button.show_theme(theme)
        self.sweep_button.show_theme(theme)
        self.count_down.show_theme(theme)
        self._place_overlays()

    def show_sweep(self, sweep: BarSweep | None, button_text: str = "") -> None:
        """Mark swept bars, with a button over them that does what can be done with them."""
        self.sweep = sweep
        self.sweep_button.setText(button_text)
        self.sweep_button.setVisible(sweep is not None and bool(button_text))
        self._place_overlays()
        self.update()

    @property
    def shows_takes(self) -> bool:
        """Whether other takes are shown faintly."""
        return self._ghosts.is_shown

    @shows_takes.setter
    def shows_takes(self, is_shown: bool) -> None:
        self._ghosts.is_shown = is_shown
        self._ghosts.follow(self.session)
        self.update()

    def move_rows(self, n_rows: float) -> None:
        """Move up, or down."""
        self.rows.move(n_rows)
        self.update()

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
        y = int(self.rows.y_at(pitch))
        self.update(0, y - 1, self.axis.gutter_px, int(self.rows.row_px) + 3)

    def darken_keys(self) -> None:
        """Let all keys of the gutter go dark."""
        self._lit.clear()
        self.update()

    def reveal_selection(self) -> None:
        """Bring the first chosen note into sight."""
        notes = self.notes.selected_notes()
        if notes:
            self.axis.reveal(notes[0].onset_ticks)
            self.rows.reveal(notes[0].note.pitch)
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the notes into the new height."""
        super().resizeEvent(event)
        self.rows.set_height(self.height())
        self._place_overlays()
        self._seen_clips = {}
        self._fit_pitches()

    def event(self, event: QEvent) -> bool:
        """Take the keys that are the roll's before the window's shortcuts do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_escape = event.key() == Qt.Key.Key_Escape and self._has_something_to_give_up
            if is_escape or (self.keys is not None and self.keys.claims(event)):
                event.accept()
                return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says; Escape gives up a drag or a sweep."""
        if event.key() == Qt.Key.Key_Escape and self._has_something_to_give_up:
            self.give_up()
        elif self.keys is None or not self.keys.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what a held key did."""
        if self.keys is not None:
            self.keys.release(event)
        super().keyReleaseEvent(event)

    def give_up(self) -> None:
        """Leave a drag as if it had not begun, or else unmark the swept bars."""
        if self.pointer.is_dragging:
            self._edge_scroll.stop()
            self.pointer.give_up()
        else:
            self.sweep_given_up.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say what is chosen when keys bring the focus."""
        super().focusInEvent(event)
        self._describe_selection()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End what a held key did: elsewhere nobody hears it being let go."""
        super().focusOutEvent(event)
        self.notes.repeat("")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move up and down; with Ctrl and Shift make rows taller; else as every lane."""
        turn = event.angleDelta().y() / 120
        modifiers = event.modifiers()
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if modifiers & control and modifiers & shift:
            self.rows.zoom(1.15**turn, event.position().y())
        elif modifiers & (control | shift) or event.angleDelta().x():
            super().wheelEvent(event)
            return
        else:
            self.rows.move(turn * _ROWS_PER_NOTCH)
        self.update()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus, so that keys mean notes and playback; press a note, ground or key."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton or self.is_recording:
            return
        if event.position().x() < self.axis.gutter_px:
            self._press_key(self.rows.pitch_at(event.position().y()))
        else:
            self.pointer.press(event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Draw a note on the ground, or erase one."""
        if event.button() != Qt.MouseButton.LeftButton or self.is_recording:
            return
        if event.position().x() < self.axis.gutter_px:
            self.mousePressEvent(event)
        else:
            self.pointer.press_twice(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what the press began, or show what one would do here."""
        if self._gutter_pitch is not None:
            self._press_key(self.rows.pitch_at(event.position().y()))
        elif self.pointer.is_dragging:
            self.pointer.move(event.position(), event.modifiers())
            self._edge_scroll.follow(event, QRectF(self.contentsRect()))
        else:
            self.setCursor(self.pointer.cursor_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release_key()
            self._edge_scroll.stop()
            self.pointer.release()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done, with the note under the pointer chosen."""
        is_by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = (
            event.pos()
            if is_by_mouse
            else self._painter.place_of(self.notes.selected_notes(), self.rect())
        )
        if is_by_mouse:
            found = self.pointer.note_at(QPointF(place))
            if found is not None and found[0].ref not in self.notes.selection:
                self.notes.select({found[0].ref})
        self.menu_wanted.emit(self.mapToGlobal(place), max(0.0, self.axis.ticks_at(place.x())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rows, grid, notes, playhead and keys, as far as they are seen."""
        painter = QPainter(self)
        seen = event.rect()
        key = self.session.key if self.is_highlighted else None
        draw_rows(painter, seen, self.rows, key, self.theme)
        painter.save()
        self.clip_to_lane(painter)
        draw_grid(painter, seen, self.axis, self.snap, self.bar_lines(seen), self.theme)
        if self.sweep is not None:
            span = self.sweep.span_of(self.session.timebase)
            draw_sweep(painter, self.axis, span, self.height(), self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ghosts(painter, seen)
        for part in self.notes.parts:
            chosen = self.notes.selected_in(part.name)
            self._painter.draw(painter, seen, part, chosen, self.theme)
        self._draw_played(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._draw_marquee(painter)
        self.draw_playhead(painter)
        self.colours.draw_legend(painter, self.rect())
        painter.restore()
        if seen.left() < self.axis.gutter_px:
            keys = self.rect().adjusted(0, 0, self.axis.gutter_px - self.width(), 0)
            draw_keys(
                painter, self.rows, keys, self.theme, self._lit, self._painter.middle_c_octave
            )
        if self.shows_focus:
            painter.setPen(QPen(QColor(self.theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @property
    def _has_something_to_give_up(self) -> bool:
        return self.pointer.is_dragging or self.sweep is not None

    def _overlay(self, name: str, role: str) -> Button:
        button = Button(role=role)
        button.setParent(self)
        button.hide()
        describe(button, name)
        return button

    def _show_tip(self, event: QHelpEvent) -> None:
        """Say which note is under the pointer; over the ground a tip would be in the way."""
        found = self.pointer.note_at(QPointF(event.pos()))
        if found is None or self.pointer.is_dragging:
            QToolTip.hideText()
            return
        words = note_words(found[0], self.session, self._painter.middle_c_octave)
        words += self.colours.words_of(found[0])
        QToolTip.showText(event.globalPos(), words, self)

    def _show_empty_state(self) -> None:
        is_empty = self.arrangement.primer is None and self.arrangement.solo is None
        self._empty.setVisible(is_empty and not self.is_recording)

    def _place_overlays(self) -> None:
        self.setContentsMargins(self.axis.gutter_px, 0, 0, 0)
        self.count_down.move(self.contentsRect().center() - self.count_down.rect().center())
        self._empty.fit(self.contentsRect().size())
        self.pass_button.adjustSize()
        self.pass_button.move(self.width() - self.pass_button.width() - 12, 12)
        if self.sweep is not None:
            self.sweep_button.adjustSize()
            span = self.sweep.span_of(self.session.timebase)
            x = round(self.axis.x_at(span.start_ticks)) + 8
            rightmost = self.width() - self.sweep_button.width() - 8
            self.sweep_button.move(max(self.axis.gutter_px + 8, min(x, rightmost)), 8)

    def sound(self, pitch: int, velocity: int) -> None:
        """Let a note be heard, but not into what is being recorded."""
        if not self.is_recording:
            self.note_touched.emit(pitch, velocity)

    def _press_key(self, pitch: int) -> None:
        if pitch == self._gutter_pitch:
            return
        self._release_key()
        self._gutter_pitch = pitch
        self.key_pressed.emit(pitch, _GUTTER_VELOCITY)
        self.notes.select_pitch(pitch)

    def _release_key(self) -> None:
        if self._gutter_pitch is not None:
            self.key_released.emit(self._gutter_pitch)
            self._gutter_pitch = None

    def _on_notes_selection_changed(self) -> None:
        self._describe_selection()
        self.update()

    def _describe_selection(self) -> None:
        """Put into words what is chosen, and have it read aloud where that is wanted."""
        text = choice_words(self.notes, self._painter.middle_c_octave)
        if text == self.accessibleDescription():
            return
        self.setAccessibleDescription(text)
        if self.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _fit_pitches(self) -> None:
        """Let all notes be seen, unless it is by editing that they have become others."""
        clips = {part.name: part.raw for part in self.notes.parts}
        are_others = clips.keys() != self._seen_clips.keys() or any(
            clip is not self._seen_clips[name] and not self.notes.knows(clip)
            for name, clip in clips.items()
        )
        if (not are_others and clips) or self.height() <= 0:
            self._seen_clips = clips
            return
        self._seen_clips = clips
        pitches = [note.pitch for part in self.notes.parts for note in part.clip.notes]
        self.rows.fit(*((min(pitches), max(pitches)) if pitches else (53, 77)))
        self.update()

    def _draw_ghosts(self, painter: QPainter, seen: QRect) -> None:
        made, played = (ghost_colour(self.theme, token) for token in ("machine", "person"))
        for ghost in self._ghosts.clips:
            self._painter.draw_ghost(painter, seen, ghost, made)
        phrase = self.notes.part(PRIMER)
        if self.shows_phrase and phrase is not None and self.arrangement.solo is not None:
            ghost = phrase_ghost(phrase, self.session)
            self._painter.draw_ghost(painter, seen, ghost, played)

    def _draw_played(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.person))
        for note in self._played:
            end_ticks = self.playhead_ticks if note.end_ticks is None else note.end_ticks
            rect = self._painter.rect_of(note.pitch, note.start_ticks, end_ticks)
            painter.drawRoundedRect(rect, 2, 2)

    def _draw_marquee(self, painter: QPainter) -> None:
        marquee = self.pointer.marquee
        if marquee is not None:
            colour = QColor(self.theme.working)
            painter.setPen(QPen(colour, 1))
            colour.setAlphaF(0.12)
            painter.setBrush(colour)
            painter.drawRect(marquee)
