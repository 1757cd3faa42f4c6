"""The session's name at the top left: typed in place, and whether it is saved."""

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from musicassist.app.session_keeper import Keeping
from musicassist.errors import MusicAssistError
from musicassist.ui.controls import Button, ElidedLabel, restyle
from musicassist.ui.hints import HINTS, describe, plain_tip
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import LARGE_PX, Theme, scaled

INDENT_PX: Final = 3  # of the name in its button, as in the stylesheet
_LONGEST_NAME: Final = 120
_FIELD_PX: Final = 224
_LEAST_NAME_PX: Final = 48
_SAVING_AFTER_MS: Final = 400  # what is saved at once is not worth a flicker
_WORDS: Final = {
    Keeping.NOWHERE: "unsaved",
    Keeping.SAVED: "saved",
    Keeping.SAVING: "saving\u2026",
    Keeping.FAILING: "not saved",
}


class SessionTitle(QWidget):
    """Shows the name, whether all is saved, and a chevron that opens the sessions.

    `renamed(name)` comes when another name has been typed.
    """

    renamed = Signal(str)
    menu_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.name = _Name()
        self.menu_button = Button(role="bare", icon_name="chevron", icon_px=12)
        hold_size(self.menu_button, width_px=24, height_px=24)
        describe(self.menu_button, "sessions_button")
        self.state = ElidedLabel(role="caption")
        self.state.setObjectName("session_state")
        self.field = _Field()
        self.field.hide()
        self._keeping = (Keeping.NOWHERE, "")
        self._is_narrow = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.name)
        row.addWidget(self.menu_button)
        row.addWidget(self.state)
        row.addStretch(1)
        self._say_later = QTimer(self)
        self._say_later.setSingleShot(True)
        self._say_later.setInterval(_SAVING_AFTER_MS)
        self._say_later.timeout.connect(self._say)
        self.name.clicked.connect(self.edit)
        self.menu_button.clicked.connect(self.menu_wanted)
        self.field.taken.connect(self._on_field_taken)
        self.field.given_up.connect(self._leave)

    def show_name(self, name: str) -> None:
        """Show what the session is called."""
        self.name.show_name(name)
        button = HINTS["sessions_button"]
        self.menu_button.setToolTip(plain_tip(f"{name}. {button.tip}"))

    def show_keeping(self, state: Keeping, error: MusicAssistError | None = None) -> None:
        """Show whether everything is saved, and if not, why."""
        reason = str(error) if error is not None else ""
        if state is Keeping.NOWHERE:
            reason = "Nothing is being kept in this window."
        self._keeping = (state, reason)
        if state is Keeping.SAVING:
            if not self._say_later.isActive():
                self._say_later.start()
            return
        self._say_later.stop()
        self._say()

    def show_narrow(self, *, is_narrow: bool) -> None:
        """Say nothing of saving where room is short, as long as it works."""
        self._is_narrow = is_narrow
        self._say()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.menu_button.show_theme(theme)
        self.name.refit()

    def edit(self) -> None:
        """Let another name be typed, over whatever is beside it."""
        over = self.parentWidget() or self
        if self.field.parentWidget() is not over:
            self.field.setParent(over)
        least_px = scaled(_FIELD_PX)
        width_px = max(least_px, min(self.width(), 2 * least_px))
        height_px = self.field.sizeHint().height()
        at = self.mapTo(over, self.rect().topLeft())
        top_px = at.y() + (self.height() - height_px) // 2
        self.field.setGeometry(max(0, at.x()), top_px, width_px, height_px)
        self.field.setText(self.name.whole)
        self.field.selectAll()
        self.field.show()
        self.field.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_field_taken(self, name: str) -> None:
        if name.strip() and name.strip() != self.name.whole:
            self.renamed.emit(name.strip())
        self._leave()

    def _leave(self) -> None:
        had_focus = self.field.hasFocus()
        self.field.hide()
        if had_focus:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        state, reason = self._keeping
        self.state.setHidden(self._is_narrow and state is not Keeping.FAILING)
        self.state.show_text(_WORDS[state])
        self.state.setToolTip(plain_tip(reason or "Every change is saved at once."))
        self.state.setAccessibleDescription(reason)
        role = "error" if state is Keeping.FAILING else "caption"
        if self.state.property("role") != role:
            self.state.setProperty("role", role)
            restyle(self.state)


class _Name(QPushButton):
    """The name; a click, Enter or F2 lets another one be typed."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = ""
        self.setProperty("role", "session_name")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_LEAST_NAME_PX)
        describe(self, "session_name")

    def show_name(self, name: str) -> None:
        """Show another name."""
        self.whole = " ".join(name.split())
        self.setAccessibleName(f"{HINTS['session_name'].name}: {self.whole}")
        self.setToolTip(plain_tip(f"{self.whole}. {HINTS['session_name'].tip}"))
        self.refit()

    def refit(self) -> None:
        """Fit the name into the room there is, as large as text is now."""
        self.updateGeometry()
        metrics = self.fontMetrics()
        end = Qt.TextElideMode.ElideRight
        shown = metrics.elidedText(self.whole, end, max(0, self.width() - 6))
        self.setText(shown.replace("&", "&&"))

    def sizeHint(self) -> QSize:
        """Ask for room for the whole name."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.whole) + 8, metrics.height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Be content with some of it."""
        return QSize(_LEAST_NAME_PX, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the name again."""
        super().resizeEvent(event)
        self.refit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let another name be typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.click()
        else:
            super().keyPressEvent(event)


class _Field(QLineEdit):
    """Where the name is typed: Enter takes it, as leaving does, Esc gives up."""

    taken = Signal(str)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(_LONGEST_NAME)
        self.setTextMargins(-2, 0, -2, 0)  # Qt's own: the name stays where it stood
        self.setProperty("role", "session_name")
        describe(self, "session_name_field")

    def event(self, event: QEvent) -> bool:
        """Keep the window's keys away while a name is typed."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the name, or give up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        """Take the name."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        if self.isVisible():
            self.taken.emit(self.text())

    def sizeHint(self) -> QSize:
        """Be as high as the large text in it."""
        hint = super().sizeHint()
        height_px = scaled(LARGE_PX) + 16
        return QSize(hint.width(), max(hint.height(), height_px))
