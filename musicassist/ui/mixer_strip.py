"""How loud one part is: whether it is heard, whether alone, and a small fader."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from musicassist.music.mix import Level
from musicassist.ui.controls import Button, restyle
from musicassist.ui.fader import Fader, db_in_words
from musicassist.ui.hints import HINTS, describe_one_of
from musicassist.ui.theme import DARK, Theme, scaled

_DOT_PX: Final = 8
_RING_PX: Final = 10  # for the focus around it
_LEAST_FADER_PX: Final = 40


class MixerStrip(QWidget):
    """A part's name between a dot that mutes it and an S that lets it be heard alone; a fader.

    The name gives way to the volume while the fader is dragged.

    Args:
        part: Its name in `Mix`.
        words: Its name for the user.
        resting_db: Where a double-click brings the fader.
        accent: Colour of the filled part: "person", "machine" or "plain".
        can_solo: Whether it can be heard alone.
    """

    volume_set = Signal(float)
    mute_set = Signal(bool)
    solo_set = Signal(bool)

    def __init__(
        self, part: str, words: str, resting_db: float, accent: str, *, can_solo: bool = True
    ) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._words = words
        self._can_solo = can_solo
        self._is_short = False
        self._volume_db = resting_db
        self.mute = _Dot()
        self.solo = Button("S", role="solo")
        self.solo.setCheckable(True)
        self.solo.setVisible(can_solo)
        self.fader = Fader(resting_db, accent)
        self.name = _Name(words)
        describe_one_of(self.mute, "mute_button", part, words)
        describe_one_of(self.solo, "solo_part_button", part, words)
        describe_one_of(self.fader, "volume_slider", part, words)
        self._lay_out()
        self.fader.volume_set.connect(self._on_fader_volume_set)
        self.fader.sliderPressed.connect(self._show_name)
        self.fader.sliderReleased.connect(self._show_name)
        self.mute.toggled.connect(self.mute_set)
        self.solo.toggled.connect(self.solo_set)

    def show_level(self, level: Level, *, silence: str) -> None:
        """Show how loud the part is set.

        Args:
            level: How loud.
            silence: Why it is not heard, in words; empty where it is.
        """
        self._volume_db = level.volume_db
        for button, is_on in ((self.mute, level.is_muted), (self.solo, level.is_soloed)):
            was_blocked = button.blockSignals(True)
            button.setChecked(is_on)
            button.blockSignals(was_blocked)
        self.mute.show_heard(is_heard=not silence)
        self.mute.setAccessibleDescription(silence or "heard")
        tip = HINTS["mute_button"].tip
        self.mute.setToolTip(f"{silence} {tip}" if silence else tip)
        self.fader.show_volume(level.volume_db, is_heard=not silence)
        role = "second" if silence else ""
        if role != self.name.property("role"):
            self.name.setProperty("role", role)
            restyle(self.name)
        self._show_name()

    def show_short(self, *, is_short: bool) -> None:
        """Show the strip with or without its S."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._show_name()

    def least_px(self, *, is_short: bool) -> int:
        """Return how wide it is at least, with or without its S."""
        has_solo = self._can_solo and not is_short
        width = self.mute.sizeHint().width() + self.name.sizeHint().width()
        return max(width + has_solo * self.solo.sizeHint().width(), _LEAST_FADER_PX)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.mute.show_theme(theme)
        self.mute.be_as_high_as(self.solo)  # which may be hidden, and faders stand in a row

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self.mute)
        head.addWidget(self.name, 1)
        head.addWidget(self.solo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.fader)
        self.fader.setMinimumWidth(_LEAST_FADER_PX)
        self.fader.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _show_name(self) -> None:
        is_dragged = self.fader.isSliderDown()
        # While the fader is dragged, its room is the volume's.
        self.solo.setVisible(self._can_solo and not self._is_short and not is_dragged)
        self.name.setText(db_in_words(self._volume_db) if is_dragged else self._words)

    def _on_fader_volume_set(self, volume_db: float) -> None:
        self._volume_db = volume_db
        self._show_name()
        self.volume_set.emit(volume_db)


class _Name(QLabel):
    """A label that asks for the room of its first words, whatever it says meanwhile."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._words = words

    def sizeHint(self) -> QSize:
        """Ask for the room of the first words."""
        width = self.fontMetrics().horizontalAdvance(self._words)
        return QSize(width + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Ask for the same, so that a name is never cut."""
        return self.sizeHint()


class _Dot(Button):
    """A dot: green and full while its part is heard, a ring while it is not."""

    def __init__(self) -> None:
        super().__init__(role="dot")
        self.setCheckable(True)
        self._is_heard = True
        self._colours = DARK
        self._height_px = 0

    def show_heard(self, *, is_heard: bool) -> None:
        """Show whether the part is heard."""
        if is_heard != self._is_heard:
            self._is_heard = is_heard
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        super().show_theme(theme)
        self._colours = theme
        self.update()

    def be_as_high_as(self, widget: QWidget) -> None:
        """Ask for as much height as another widget does."""
        self._height_px = widget.sizeHint().height()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for the dot and the focus around it."""
        side_px = scaled(_DOT_PX) + _RING_PX
        return QSize(side_px, self._height_px or side_px)

    def minimumSizeHint(self) -> QSize:
        """Ask for the same, so that the dot is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot in the middle."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot_px = scaled(_DOT_PX)
        dot = QRectF((self.width() - dot_px) / 2, (self.height() - dot_px) / 2, dot_px, dot_px)
        if self._is_heard:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colours.sounding))
        else:
            painter.setPen(QPen(QColor(self._colours.secondary), 1.5))
            dot.adjust(0.5, 0.5, -0.5, -0.5)
        painter.drawEllipse(dot)
