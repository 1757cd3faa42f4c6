"""One quiet line: what happened, what can be done about it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from musicassist.app.notices import Notice
from musicassist.ui.controls import Button, ElidedLabel
from musicassist.ui.hints import describe
from musicassist.ui.shortcuts import Keymap
from musicassist.ui.theme import DARK, Theme

_DOT_PX = 8
LINE_PX: Final = 44  # room for an error's two lines, so that nothing moves when one comes


class NoticeLine(QWidget):
    """Shows the newest notice; errors take a second line for the hint and stay until closed.

    Args:
        dismiss: Takes the notice away.
        keymap: Which keys do what; those that matter most are shown while there is nothing to say.
    """

    def __init__(self, dismiss: Callable[[], None], keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self.setObjectName("notice_line")
        self.setAccessibleName("Notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "foot")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._action: Callable[[], None] | None = None
        self._dismiss = dismiss
        self._dot = _Dot()
        self.text = ElidedLabel()
        self.text.setObjectName("notice_text")
        self.hint = ElidedLabel(role="second")
        self.hint.setObjectName("notice_hint")
        self.action = Button(role="link")
        describe(self.action, "notice_action")
        self.close_button = Button(role="bare", icon_name="close")
        describe(self.close_button, "notice_close")
        self.keys = ElidedLabel(role="caption")
        self.keys.setObjectName("notice_keys")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addLayout(words)
        row.addWidget(self.action)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.keys)
        self.action.clicked.connect(self._on_action_clicked)
        self.close_button.clicked.connect(self._dismiss)
        keymap.changed.connect(self._show_keys)
        self._show_keys()
        self.show_nothing()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of the last one."""
        self._action = notice.action
        self.text.show_text(notice.text)
        waiting = f"  ({notice.n_waiting} more behind this)" if notice.n_waiting else ""
        self.hint.show_text(f"{notice.hint}{waiting}")
        self.hint.setVisible(bool(notice.hint or waiting))
        self.action.setText(notice.action_name)
        self.action.setVisible(bool(notice.action_name))
        self.action.setAccessibleName(f"{notice.action_name}: {notice.text}")
        self.close_button.setVisible(notice.is_error)
        self.keys.setVisible(not notice.is_error and not notice.action_name)  # room to read
        self._dot.setVisible(notice.is_error)
        self.setAccessibleDescription(f"{notice.text} {notice.hint}".strip())

    def show_nothing(self) -> None:
        """Show only the keys that matter most."""
        self.show_notice(Notice(""))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.action.show_theme(theme)
        self.close_button.show_theme(theme)
        self._dot.show_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """Stay one line high, so that the window does not jump."""
        hint = super().minimumSizeHint()
        two_lines_px = 2 * self.fontMetrics().height() + 12
        return QSize(hint.width(), max(hint.height(), LINE_PX, two_lines_px))

    def sizeHint(self) -> QSize:
        """Stay one line high, so that the window does not jump."""
        return self.minimumSizeHint()

    def _show_keys(self) -> None:
        named = (("play", "play"), ("continue", "continue"), ("grab", "grab"))
        keys = ((self._keymap.shown(name), words) for name, words in named)
        self.keys.show_text(" · ".join(f"{key} {words}" for key, words in keys if key))

    def _on_action_clicked(self) -> None:
        action = self._action
        self._dismiss()
        if action is not None:
            action()


class _Dot(QWidget):
    """The red dot of an error."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice_dot")
        self.setFixedSize(_DOT_PX, _DOT_PX)
        self._theme = DARK

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.danger))
        painter.drawEllipse(QRectF(self.rect()))
