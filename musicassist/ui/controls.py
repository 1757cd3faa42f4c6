"""The few kinds of controls the window is made of."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTextEdit,
    QWidget,
)

from musicassist.ui import icons
from musicassist.ui.theme import DARK, Theme, scaled

TYPED_IN: Final = (QAbstractSpinBox, QKeySequenceEdit, QLineEdit, QPlainTextEdit, QTextEdit)
"""Fields in which letters are letters, and Enter takes what was typed."""

_BOX_PX: Final = 14
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A button that Enter presses too, because Space is playback's.

    Args:
        text: Its label; may be empty.
        role: Its look in the stylesheet: "plain", "icon", "primary", "deep", "tile", "link" or
            "bare".
        icon_name: An icon of `icons.NAMES`; empty for none.
        icon_px: How large the icon is at the text's usual size.
    """

    def __init__(
        self, text: str = "", *, role: str = "plain", icon_name: str = "", icon_px: int = 18
    ) -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self._icon_name = icon_name
        self._tint = "secondary" if role in ("icon", "bare") else "text"
        self._theme = DARK
        self._icon_px = icon_px

    def show_theme(self, theme: Theme) -> None:
        """Draw the icon in the theme's colours."""
        self._theme = theme
        if self._icon_name:
            size_px = scaled(self._icon_px)
            colour = getattr(theme, self._tint)
            self.setIconSize(QSize(size_px, size_px))
            self.setIcon(icons.icon(self._icon_name, colour, theme.tertiary, size_px))

    def show_icon(self, name: str, tint: str) -> None:
        """Show another icon, or the same in another colour token."""
        if (name, tint) != (self._icon_name, self._tint):
            self._icon_name, self._tint = name, tint
            self.show_theme(self._theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter as on Space."""
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


class CheckBox(QCheckBox):
    """A box with a tick drawn in the theme's colours; Enter toggles it too."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._theme = DARK

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Toggle on Enter as on Space."""
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick and text."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box_px = scaled(_BOX_PX)
        box = QRectF(1, (self.height() - box_px) / 2, box_px, box_px)
        border = theme.person if self.hasFocus() else theme.tertiary
        if self.isChecked():
            painter.setBrush(QColor(theme.machine))
            border = theme.person if self.hasFocus() else theme.machine
        else:
            painter.setBrush(QColor(theme.raised))
        painter.setPen(QPen(QColor(border), 1.5))
        painter.drawRoundedRect(box, 3, 3)
        if self.isChecked():
            icons.draw(painter, "check", box, QColor(theme.on_machine))
        painter.setPen(QColor(theme.text if self.isEnabled() else theme.tertiary))
        words = self.rect().adjusted(box_px + 10, 0, 0, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        shown = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, left, shown)

    def sizeHint(self) -> QSize:
        """Ask for room for box and text as they are drawn."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(scaled(_BOX_PX) + 10 + words + 2, super().sizeHint().height())

    def hitButton(self, _position: object) -> bool:
        """Let the whole row be clicked."""
        return True


class ComboBox(QComboBox):
    """A list that opens, with a chevron of ours; the wheel only turns it when it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chevron over the rest."""
        super().paintEvent(event)
        size = float(scaled(10))
        into = QRectF(self.width() - size - 5, (self.height() - size) / 2 + 0.5, size, size)
        painter = QPainter(self)
        tint = self._theme.secondary if self.isEnabled() else self._theme.tertiary
        icons.draw(painter, "chevron", into, QColor(tint))

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Let a text for which there is no room end in an ellipsis."""
        super().initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room_px = self.style().subControlRect(control, option, part, self).width()
        end = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, end, room_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter."""
        if event.key() in _ENTER and not self.isEditable():
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whoever scrolls, unless the focus is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Slider(QSlider):
    """A slider from 0 to 100 that a double-click sets back.

    Args:
        resting: The value a double-click brings.
        accent: "machine" or "person": the colour of its filled part.
    """

    def __init__(self, *, resting: int, accent: str = "machine") -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._resting = resting
        self.setProperty("accent", accent)
        self.setRange(0, 100)
        self.setPageStep(10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to rest."""
        self.setValue(self._resting)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whoever scrolls, unless the focus is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


if TYPE_CHECKING:
    _SpinBox = QAbstractSpinBox
else:
    _SpinBox = object  # a mixin: both spin boxes bring their own Qt class


class _TypedNumber(_SpinBox):
    """What both kinds of number fields share: the window's keys and the wheel pass on."""

    def event(self, event: QEvent) -> bool:
        """Let the window's keys through."""
        return False if _is_for_window(event) else super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whoever scrolls, unless the focus is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _is_for_window(event: QEvent) -> bool:
    """Whether a key is the window's: letters, Space and undo mean nothing in a number."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
        return True
    is_plain = event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    is_letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    return event.key() == Qt.Key.Key_Space or (is_plain and is_letter)


class NumberField(_TypedNumber, QSpinBox):
    """A whole number that is typed; the arrow keys change it too.

    `number_entered(value)` comes when typing is done, not at every digit.
    """

    number_entered = Signal(int)

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self.setRange(lowest, highest)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.number_entered)

    def show_number(self, number: int) -> None:
        """Show a number; what is being typed stays as long as the number is the same."""
        if number != self.value():
            with QSignalBlocker(self):
                self.setValue(number)


class DecimalField(_TypedNumber, QDoubleSpinBox):
    """A number with decimals that is typed; the arrow keys change it too.

    `number_entered(value)` comes when typing is done, not at every digit.
    """

    number_entered = Signal(float)

    def __init__(self, lowest: float, highest: float, n_decimals: int) -> None:
        super().__init__()
        self.setDecimals(n_decimals)
        self.setRange(lowest, highest)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self.number_entered)

    def show_number(self, number: float) -> None:
        """Show a number; what is being typed stays as long as the number is the same."""
        if round(number, self.decimals()) != self.value():
            with QSignalBlocker(self):
                self.setValue(number)


class ElidedLabel(QLabel):
    """A line of plain text that ends in an ellipsis where there is no room."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setMinimumWidth(24)
        self.show_text(text)

    @property
    def whole_text(self) -> str:
        """The text without ellipsis."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._whole = " ".join(text.split())
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        """Ask for room for the whole text."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, hint.height())

    def resizeEvent(self, event: object) -> None:
        """Fit the text again."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._elide()

    def _elide(self) -> None:
        end = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self._whole, end, max(0, self.width()))
        self.setText(shown if shown != "\u2026" else "")


def label(text: str, role: str = "") -> QLabel:
    """Return a label of plain text in one of the stylesheet's roles."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made


def rule() -> QFrame:
    """Return a thin line between parts of a panel."""
    line = QFrame()
    line.setProperty("role", "rule")
    return line


def restyle(widget: QWidget) -> None:
    """Let the stylesheet see a property that has changed; it has yet to look where it has not."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
