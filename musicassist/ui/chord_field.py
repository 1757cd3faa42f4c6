"""The field chords are typed in, over one cell or over the whole track."""

from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from musicassist.errors import ChordSpellingError
from musicassist.ui.controls import label, restyle
from musicassist.ui.hints import describe
from musicassist.ui.theme import scaled

Way = Literal["bar", "cell", "back", "stay"]
"""Where to go after a chord was taken: the next bar, the next cell, the one before, nowhere."""

# The focus comes back by itself from a menu and from another program.
_STAYS_HERE: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_PROBLEM_PX: Final = 360
_LINE_PLACEHOLDER: Final = "Fm | Db | Eb7 | C7"
_WAYS: Final[dict[Qt.Key, Way]] = {
    Qt.Key.Key_Return: "bar",
    Qt.Key.Key_Enter: "bar",
    Qt.Key.Key_Tab: "cell",
    Qt.Key.Key_Backtab: "back",
}


class Problem(QFrame):
    """What is wrong and how to mend it, on a slip under the field it is about.

    Args:
        field: The field.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self.setProperty("role", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.what = label("", "error")
        self.hint = label("", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for words in (self.what, self.hint):
            words.setWordWrap(True)
            column.addWidget(words)

    def tell(self, error: ChordSpellingError) -> None:
        """Say what is wrong."""
        self.what.setText(error.what)
        self.hint.setText(error.hint)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lie under the field, within the window."""
        window = self._field.window()
        below = self._field.mapTo(window, QPoint(0, self._field.height()))
        width = min(scaled(_PROBLEM_PX), window.width() - 16)
        x = max(8, min(below.x(), window.width() - width - 8))
        self.setGeometry(x, below.y() + 4, width, self.heightForWidth(width))


class ChordField(QWidget):
    """A line to type in; what is wrong with it is said right under it.

    `entered(way)` comes when what was typed shall be taken: whoever takes it calls `leave`, or
    `show_problem` with what is wrong, and nothing typed is lost. `left(by_key)` comes when it is
    put away, and says whether the focus was in it.

    Args:
        parent: What it lies over.
        name: Its entry in `HINTS`.
        stays: Whether it is always there; then Escape is left to whoever it belongs to.
    """

    entered = Signal(str)
    left = Signal(bool)

    def __init__(self, parent: QWidget | None, name: str, *, stays: bool = False) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "panel")
        self.line = QLineEdit()
        describe(self.line, name)
        self.problem: Problem | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        self.line.textEdited.connect(lambda _text: self.show_problem(None))
        self.line.installEventFilter(self)
        self._is_line = False
        self._stays = stays

    @property
    def is_for_all(self) -> bool:
        """Whether all chords are typed, not those of a cell."""
        return self._is_line

    def start(self, text: str, *, is_for_all: bool, is_begun: bool = False) -> None:
        """Let chords be typed.

        Args:
            text: What stands there at first.
            is_for_all: Whether all chords are typed.
            is_begun: Whether the text is the beginning of what is being typed.
        """
        self._is_line = is_for_all
        self.line.setPlaceholderText(_LINE_PLACEHOLDER if is_for_all else "")
        self.line.setText(text)
        self.show_problem(None)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if is_begun:
            self.line.setModified(True)
        else:
            self.line.selectAll()

    def leave(self, *, by_key: bool) -> None:
        """Put it away, unless it stays."""
        self.line.setModified(False)
        if self.isVisible() and not self._stays:
            self.hide()
            self.left.emit(by_key)

    def show_problem(self, error: ChordSpellingError | None) -> None:
        """Say what is wrong and how to mend it, or that nothing is."""
        if error is not None and self.problem is None:
            self.problem = Problem(self)
        if error is not None and self.problem is not None:
            self.problem.tell(error)
        elif self.problem is not None:
            self.problem.hide()
        self.line.setAccessibleDescription(str(error) if error is not None else "")
        self.line.setProperty("is_wrong", "true" if error is not None else "false")
        restyle(self.line)

    def hideEvent(self, event: QHideEvent) -> None:
        """Take what was wrong along."""
        super().hideEvent(event)
        if self.problem is not None:
            self.problem.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Keep what is wrong in its place."""
        super().moveEvent(event)
        if self.problem is not None and self.problem.isVisible():
            self.problem.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is wrong in its place."""
        super().resizeEvent(event)
        if self.problem is not None and self.problem.isVisible():
            self.problem.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take on Enter and Tab, and when the focus goes elsewhere; give up on Escape."""
        if watched is not self.line:
            return False
        if isinstance(event, QFocusEvent) and event.lostFocus() and self.isVisible():
            if event.reason() in _STAYS_HERE:
                return False
            if self.line.isModified():
                self.entered.emit("stay")
            else:
                self.leave(by_key=False)
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if not is_override and event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        key = Qt.Key(event.key())
        way = _WAYS.get(key)
        if self._is_line and way in ("cell", "back"):
            return False
        if way is None and (key != Qt.Key.Key_Escape or self._stays):
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if is_override:
            event.accept()
        elif way is not None:
            self.entered.emit(way)
        else:
            self.leave(by_key=True)
        return True
