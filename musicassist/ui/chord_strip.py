"""The chords along the time line, and the field they are typed in."""

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from musicassist.errors import ChordSpellingError
from musicassist.ui.controls import ElidedLabel, restyle
from musicassist.ui.hints import describe, plain_tip
from musicassist.ui.lane import Lane
from musicassist.ui.theme import NORMAL_PX, SMALL_PX, TINY_PX, font
from musicassist.ui.time_axis import GUTTER_PX, TimeAxis

HEIGHT_PX: Final = 40
_LEAST_PX_PER_NAME: Final = 22
_ACTIVATING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class ChordStrip(Lane):
    """Shows the chords; a click or Enter lets them be typed.

    Args:
        axis: The scale it shares with the other lanes.
        set_chords: Takes the text typed; raises `ChordSpellingError` when it is not understood,
            which is shown beside the field.
    """

    editing_ended = Signal()

    def __init__(self, axis: TimeAxis, set_chords: Callable[[str], None]) -> None:
        super().__init__(axis)
        self._set_chords = set_chords
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        describe(self, "chord_strip")
        self._editor = QWidget(self)
        self._editor.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor.setProperty("role", "panel")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Fm | Db | Eb7 | C7")
        describe(self.field, "chord_field")
        self.problem = ElidedLabel(role="error")
        layout = QHBoxLayout(self._editor)
        layout.setContentsMargins(4, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.problem, 1)
        self._editor.hide()
        self.field.textEdited.connect(lambda _text: self._show_problem(""))
        self.field.installEventFilter(self)

    def edit(self) -> None:
        """Let the chords be typed."""
        self.field.setText(self.session.progression_text)
        self._show_problem("")
        self._editor.setGeometry(GUTTER_PX, 0, self.width() - GUTTER_PX, self.height())
        self._editor.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def take(self) -> None:
        """Take what was typed, or say what is wrong with it and let it be mended."""
        try:
            self._set_chords(self.field.text())
        except ChordSpellingError as error:
            self._show_problem(error.what, error.hint)
            return
        self._leave()

    def show_playhead(self, ticks: float) -> None:
        """Move the playhead, and light the chord it is in."""
        was, now = self._chord_index(self.playhead_ticks), self._chord_index(ticks)
        super().show_playhead(ticks)
        if was != now:
            self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Let the chords be typed."""
        self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the chords be typed."""
        if event.key() in _ACTIVATING:
            self.edit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Leave the field on Escape, and when the focus goes elsewhere with nothing wrong in it."""
        if watched is self.field:
            is_override = event.type() == QEvent.Type.ShortcutOverride
            if is_override or event.type() == QEvent.Type.KeyPress:
                assert isinstance(event, QKeyEvent)
                if event.key() == Qt.Key.Key_Escape:
                    if is_override:
                        event.accept()
                    else:
                        self._leave()
                    return True
                if event.key() in _ACTIVATING and not is_override:
                    self.take()
                    return True  # the strip would take it as a wish to edit again
            elif event.type() == QEvent.Type.FocusOut and self._editor.isVisible():
                self.take()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a cell a chord."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.setFont(font(TINY_PX))
        painter.setPen(QColor(theme.secondary))
        gutter = QRectF(0, 0, GUTTER_PX - 5, HEIGHT_PX)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(gutter, right, "Chords")
        if self.shows_focus:
            painter.setPen(QPen(QColor(theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self.clip_to_lane(painter)
        if self.session.progression is None:
            painter.setFont(font(SMALL_PX))
            painter.setPen(QColor(theme.secondary))
            into = QRectF(GUTTER_PX + 12, 0, self.width(), HEIGHT_PX)
            words = "Click to type the chords, such as Fm | Db | Eb7 | C7"
            painter.drawText(into, Qt.AlignmentFlag.AlignVCenter, words)
        else:
            self._draw_cells(painter)
        self.draw_playhead(painter)

    def _cells(self) -> list[tuple[int, int, str]]:
        """Return start, end and name of every chord."""
        progression = self.arrangement.progression
        if progression is None:
            return []
        changes = progression.changes
        end_ticks = max(self.arrangement.length_ticks, progression.length_ticks)
        ends = [onset_ticks for onset_ticks, _ in changes[1:]] + [progression.length_ticks]
        return [
            (start, min(end, end_ticks), shown_chord(symbol.text))
            for (start, symbol), end in zip(changes, ends, strict=True)
            if start < end_ticks
        ]

    def _chord_index(self, ticks: float) -> int:
        progression = self.arrangement.progression
        changes = progression.changes if progression is not None else ()
        return sum(onset_ticks <= ticks for onset_ticks, _ in changes)

    def _draw_cells(self, painter: QPainter) -> None:
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(NORMAL_PX, is_bold=True))
        metrics = painter.fontMetrics()
        for start, end, name in self._cells():
            x = self.axis.x_at(start)
            cell = QRectF(x + 2.5, 4.5, self.axis.x_at(end) - x - 4, HEIGHT_PX - 10)
            is_heard = start <= self.playhead_ticks < end
            painter.setPen(QPen(QColor(theme.working if is_heard else theme.line), 1))
            painter.setBrush(QColor(theme.on_working if is_heard else theme.raised))
            painter.drawRoundedRect(cell, 5, 5)
            if cell.width() >= _LEAST_PX_PER_NAME:
                painter.setPen(QColor(theme.text))
                room = cell.adjusted(8 if cell.width() > 44 else 3, 0, -3, 0)
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _leave(self) -> None:
        self._editor.hide()
        self.editing_ended.emit()

    def _show_problem(self, text: str, hint: str = "") -> None:
        self.problem.show_text(text)
        self.problem.setToolTip(plain_tip(f"{text} {hint}"))
        self.problem.setVisible(bool(text))
        self.field.setProperty("is_wrong", "true" if text else "false")
        restyle(self.field)


def shown_chord(text: str) -> str:
    """Return a chord symbol with real flat and sharp signs."""
    text = re.sub(r"(?<=[A-G])b|b(?=\d)", "♭", text)
    return text.replace("#", "♯")
