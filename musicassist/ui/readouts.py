"""What the bar at the top says: where the music is, whether it records, how the sound does."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from musicassist.engine.protocol import EngineReady, SoundHealth
from musicassist.ui.controls import Button
from musicassist.ui.hints import NO_ENGINE, describe, plain_tip
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import DARK, Theme


class RecordButton(Button):
    """A red dot; while recording, the button itself is red."""

    def __init__(self) -> None:
        super().__init__(role="icon", icon_name="record")
        describe(self, "record_button")
        self.setCheckable(True)
        self.show_icon("record", "danger")

    def nextCheckState(self) -> None:
        """Leave it as it is: the transport says whether it records."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, red while recording."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._theme.danger))
        edge = self._theme.person if self.hasFocus() else self._theme.danger
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.ground))
        painter.drawEllipse(QRectF(self.rect()).center(), 5, 5)


class PositionReadout(QLabel):
    """Bar, count and sixteenth; red while recording or counting in."""

    def __init__(self) -> None:
        super().__init__("1.1.1")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "value")
        hold_size(self, width_px=64)
        self._theme = DARK
        self._is_red = False
        describe(self, "bar_readout")

    def show_red(self, *, is_red: bool) -> None:
        """Show that what is played is recorded."""
        self._is_red = is_red
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text in red where that is meant."""
        if not self._is_red:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.danger))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), left, self.text())


class LatencyReadout(QLabel):
    """How long a note takes, and how often the sound had gaps. `clicked` comes with a click."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "second")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._ready: EngineReady | None = None
        self._health: SoundHealth | None = None
        describe(self, "latency_readout")

    def show_engine(self, ready: EngineReady | None) -> None:
        """Show how sound leaves the machine, or that there is none."""
        self._ready, self._health = ready, None
        self._show()

    def show_health(self, health: SoundHealth | None) -> None:
        """Show how the sound does."""
        self._health = health
        self._show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say that it was clicked."""
        self.clicked.emit()
        event.accept()

    def _show(self) -> None:
        ready, health = self._ready, self._health
        if ready is None:
            self.setText("No engine")
            self.setToolTip(NO_ENGINE)
            return
        if not ready.audio_device:
            self.setText("No sound")
            self.setToolTip("No audio device was found; everything else works.")
            return
        latency_ms = health.latency_ms if health is not None else ready.latency_ms
        text = f"{latency_ms:.0f} ms"
        tip = f"{ready.audio_device}, {ready.sample_rate_hz} Hz. {ready.synth}."
        if health is not None:
            tip += f" It takes {health.load:.0%} of the time there is."
            if health.n_late_blocks:
                n_gaps = health.n_late_blocks
                tip = f"{text}. {tip} The sound had gaps: choose a larger buffer in Devices."
                text = "1 gap" if n_gaps == 1 else f"{n_gaps} gaps"
        self.setText(text)
        self.setToolTip(plain_tip(tip))
