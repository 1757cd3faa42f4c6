"""A light for each MIDI input: whether it is there, whether it plays, whether it is in trouble."""

import re
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from musicassist.engine.protocol import InputPort
from musicassist.ui.controls import ElidedLabel
from musicassist.ui.hints import HINTS, describe, plain_tip
from musicassist.ui.theme import DARK, TINY_PX, Theme, font, scaled

_MOST_PORTS: Final = 4
_SPACING_PX: Final = 8
_MOST_WORDS_PX: Final = 120
_LIGHT_MS: Final = 160
_DOT_PX: Final = 8
_SIGN_PX: Final = 12


class PortLights(QWidget):
    """A light for each MIDI input, with its name where there is room for the whole of it.

    Names are foreign text and drawn as such; those left out stand in the tooltip. Inputs the user
    has switched off are not shown. `clicked` comes with a click anywhere.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        describe(self, "port_lights")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING_PX)
        row.addStretch(1)
        self._row = row
        self._lights: dict[str, PortLight] = {}
        self._ports: tuple[InputPort, ...] = ()
        self._theme = DARK
        self._none = ElidedLabel("No keyboard", "second")
        row.addWidget(self._none)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_ports(self, ports: tuple[InputPort, ...]) -> None:
        """Show the inputs there are; those in trouble first, then as they come."""
        self._ports = ports
        for light in self._lights.values():
            self._row.removeWidget(light)
            light.deleteLater()
        self._lights = {}
        wanted = sorted(
            (port for port in ports if port.is_enabled), key=lambda port: not port.problem
        )
        for port in wanted[:_MOST_PORTS]:
            light = PortLight(port)
            light.show_theme(self._theme)
            self._lights[port.name] = light
            self._row.addWidget(light)
        self._none.setVisible(not wanted)
        self.updateGeometry()
        self._name_what_fits()
        self.setToolTip(plain_tip(_tip_of(wanted, len(ports) - len(wanted))))

    def sizeHint(self) -> QSize:
        """Ask for room for all lights and names."""
        lights = self._lights.values()
        return self._size_of([light.named_px for light in lights], self._none.sizeHint().width())

    def minimumSizeHint(self) -> QSize:
        """Be content with room for the lights."""
        lights = self._lights.values()
        return self._size_of([light.bare_px for light in lights], self._none.minimumWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out names where room is short."""
        super().resizeEvent(event)
        self._name_what_fits()

    def show_spoken(self, port: str) -> None:
        """Let a port's light show that something arrived there."""
        light = self._lights.get(port)
        if light is not None:
            light.flash()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, as large as text is shown."""
        self._theme = theme
        self.show_ports(self._ports)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Say that it was clicked."""
        self.clicked.emit()
        event.accept()

    def _size_of(self, widths_px: list[int], none_px: int) -> QSize:
        width_px = sum(widths_px) + _SPACING_PX * (len(widths_px) - 1) if widths_px else none_px
        return QSize(width_px, self._none.sizeHint().height())

    def _name_what_fits(self) -> None:
        left_px = self.width() - self.minimumSizeHint().width()
        for light in self._lights.values():
            words_px = light.named_px - light.bare_px
            light.words.setVisible(words_px <= left_px)
            if words_px <= left_px:
                left_px -= words_px


class PortLight(QWidget):
    """One port: a dot, green while connected and blue while it plays; a sign while in trouble.

    Attributes:
        words: Its name.
        bare_px: The width it needs without the name.
        named_px: The width it needs with it.
    """

    def __init__(self, port: InputPort) -> None:
        super().__init__()
        self.setObjectName("port_light")
        self._theme = DARK
        self._is_lit = False
        self.problem = port.problem
        self.words = ElidedLabel(short_port_name(port.name), "second" if port.problem else "")
        self.words.setMaximumWidth(scaled(_MOST_WORDS_PX))
        self.bare_px = scaled(20 if port.problem else 16)
        self.named_px = self.bare_px + min(self.words.sizeHint().width(), scaled(_MOST_WORDS_PX))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(self.bare_px, 0, 0, 0)
        row.addWidget(self.words)
        if port.problem:
            self.setToolTip(plain_tip(port.problem))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LIGHT_MS)
        self._timer.timeout.connect(self._go_dark)

    @property
    def is_lit(self) -> bool:
        """Whether something has arrived just now."""
        return self._is_lit

    def flash(self) -> None:
        """Show that it plays, for a moment."""
        self._is_lit = True
        self._timer.start()
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot, or the sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        if self.problem:
            sign_px = scaled(_SIGN_PX)
            sign = QRectF(1.5, (self.height() - sign_px) / 2, sign_px, sign_px)
            painter.setPen(QPen(QColor(theme.danger), 1.5))
            painter.drawEllipse(sign)
            painter.setFont(font(TINY_PX, is_bold=True))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "!")
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.person if self._is_lit else theme.sounding))
        dot_px = scaled(_DOT_PX)
        painter.drawEllipse(QRectF(3, (self.height() - dot_px) / 2, dot_px, dot_px))

    def _go_dark(self) -> None:
        self._is_lit = False
        self.update()


def short_port_name(name: str) -> str:
    """Return the part of a port's name that tells it apart.

    ALSA and JACK write the client first and ALSA its numbers last: `V49:V49 MIDI 1 20:0`.
    """
    without_numbers = re.sub(r"\s+\d+:\d+$", "", name)
    return without_numbers.rpartition(":")[2].strip() or name


def _tip_of(wanted: list[InputPort], n_switched_off: int) -> str:
    open_names = ", ".join(port.name for port in wanted if not port.problem)
    sentences = [f"Listening to {open_names}." if open_names else "No keyboard is connected."]
    sentences += [f"{port.name}: {port.problem}" for port in wanted if port.problem]
    if n_switched_off:
        sentences.append(f"{n_switched_off} switched off in Devices.")
    return " ".join((*sentences, HINTS["port_lights"].tip))
