"""A solo's card: its picture, and what can be done with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from musicassist.music.clip import Clip
from musicassist.music.session import NumberedSolo
from musicassist.ui.controls import Button, label, restyle
from musicassist.ui.drag_handle import DragHandle
from musicassist.ui.hints import HINTS, describe
from musicassist.ui.theme import DARK, Theme

_PICTURE_HEIGHT_PX: Final = 40


class TakeCard(QFrame):
    """Shows one solo.

    Args:
        number: Its number, for good.
        make_drag_file: Writes its file for a drag; None when it cannot.
    """

    select_wanted = Signal()
    audition_wanted = Signal()
    save_wanted = Signal()
    remove_wanted = Signal()
    drag_hint_wanted = Signal()

    def __init__(self, number: int, make_drag_file: Callable[[], Path | None]) -> None:
        super().__init__()
        describe(self, "take_card", number=number)
        self.setProperty("role", "card")
        self.title = label("", "title")
        self.detail = label("", "caption")
        self.picture = NotePicture()
        self.audition = Button(role="tile", icon_name="play")
        self.audition.setFixedWidth(36)
        describe(self.audition, "audition_button", number=number)
        self.handle = DragHandle(make_drag_file, self._drag_picture)
        describe(self.handle, "drag_handle", number=number)
        self.save = Button(role="tile", icon_name="save")
        self.save.setFixedWidth(36)
        describe(self.save, "save_button", number=number)
        self.remove = Button(role="bare", icon_name="close")
        describe(self.remove, "remove_button", number=number)
        self._lay_out()
        self.audition.clicked.connect(self.audition_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.handle.clicked.connect(self.drag_hint_wanted)

    def show_solo(
        self, numbered: NumberedSolo, clip: Clip, *, is_selected: bool, is_playing: bool
    ) -> None:
        """Show another state of the solo."""
        self.title.setText(numbered.name)
        heard = " · playing" if is_playing else ""
        self.detail.setText(f"seed {numbered.solo.seed}{heard}")
        self.detail.setProperty("role", "sounding" if is_playing else "caption")
        restyle(self.detail)
        tint = "sounding" if is_playing else "text"
        self.audition.show_icon("stop" if is_playing else "play", tint)
        name = "Stop" if is_playing else HINTS["audition_button"].name
        self.audition.setAccessibleName(f"{name}: {numbered.name}")
        self.setProperty("is_selected", "true" if is_selected else "false")
        restyle(self)
        self.picture.show_clip(clip, is_selected=is_selected)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for button in (self.audition, self.handle, self.save, self.remove):
            button.show_theme(theme)
        self.picture.show_theme(theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this solo."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.select_wanted.emit()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.title)
        heading.addWidget(self.detail)
        heading.addStretch(1)
        heading.addWidget(self.remove)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        actions.addWidget(self.audition)
        actions.addWidget(self.handle, 1)
        actions.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addLayout(heading)
        column.addWidget(self.picture)
        column.addLayout(actions)

    def _drag_picture(self) -> QPixmap:
        return self.picture.grab()


class NotePicture(QWidget):
    """A small picture of a clip's notes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("note_picture")
        self.setFixedHeight(_PICTURE_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clip = Clip()
        self._is_selected = False
        self._theme = DARK

    def show_clip(self, clip: Clip, *, is_selected: bool) -> None:
        """Show another clip, in orange if it is the chosen one."""
        if clip is not self._clip or is_selected != self._is_selected:
            self._clip, self._is_selected = clip, is_selected
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dash a note."""
        notes = self._clip.notes
        if not notes:
            return
        painter = QPainter(self)
        theme = self._theme
        colour = QColor(theme.machine if self._is_selected else theme.secondary)
        lowest = min(note.pitch for note in notes)
        span = max(max(note.pitch for note in notes) - lowest, 12)
        px_per_tick = self.width() / self._clip.length_ticks
        for note in notes:
            width = max(2.0, min(note.duration_ticks * px_per_tick - 0.5, self.width()))
            y = (self.height() - 4) * (1 - (note.pitch - lowest) / span) + 0.5
            painter.fillRect(QRectF(note.onset_ticks * px_per_tick, y, width, 3), colour)
