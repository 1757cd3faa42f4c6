"""One keyboard: whether it is listened to, and how it is played on."""

from dataclasses import replace
from typing import Final, cast

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from musicassist.app.devices import port_in_words
from musicassist.engine.protocol import InputPort
from musicassist.music.playing import (
    LARGEST_OCTAVE,
    LARGEST_TRANSPOSE,
    CurveKind,
    InputSettings,
    VelocityCurve,
)
from musicassist.ui.controls import CheckBox, ElidedLabel, NumberField, label
from musicassist.ui.form import choice_field
from musicassist.ui.hints import describe_one_of, plain_tip
from musicassist.ui.light import Light
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme, scaled
from musicassist.ui.velocity_curve_view import VelocityCurveView, drawn_points

_FIELD_PX: Final = 64
_ROOMY_PX: Final = 320  # for the fields and the curve side by side
_TOUCHES: Final[tuple[tuple[str, CurveKind], ...]] = (
    ("Soft", "soft"),
    ("Linear", "linear"),
    ("Hard", "hard"),
    ("Fixed", "fixed"),
    ("Own", "own"),
)


class PortCard(QFrame):
    """Shows one MIDI input; `change_wanted(fields)` carries what the user wants of it.

    Args:
        name: Of the port (foreign text).
        number: Tells its controls apart in object names.
    """

    change_wanted = Signal(object)

    def __init__(self, name: str, number: int) -> None:
        super().__init__()
        self.setObjectName(f"port_card_{number}")
        self.setProperty("role", "card")
        self.port = InputPort(name)
        self._curve = VelocityCurve()
        self.light = Light()
        self.words = ElidedLabel(port_in_words(name), "title")
        self.words.setToolTip(plain_tip(name))
        self.profile = ElidedLabel(role="second")
        self.switch = CheckBox("Listen")
        self.problem = label("", "error")
        self.problem.setWordWrap(True)
        self.touch = choice_field()
        for words, kind in _TOUCHES:
            self.touch.addItem(words, kind)
        self.view = VelocityCurveView()
        self.octave = NumberField(-LARGEST_OCTAVE, LARGEST_OCTAVE)
        self.transpose = NumberField(-LARGEST_TRANSPOSE, LARGEST_TRANSPOSE)
        self.transpose.setSuffix(" semitones")
        self.transpose.setMinimumWidth(_FIELD_PX)
        for field, hint_name in (
            (self.switch, "port_switch"),
            (self.touch, "touch_field"),
            (self.view, "velocity_curve"),
            (self.octave, "octave_field"),
            (self.transpose, "transpose_field"),
        ):
            describe_one_of(field, hint_name, str(number), port_in_words(name))
        self.details = QWidget()
        self.details.setProperty("role", "clear")
        self._lay_out()
        self._connect()

    def show_port(self, port: InputPort, wanted: InputSettings) -> None:
        """Show how the port stands and what is wanted of it."""
        self.port = port
        self._curve = wanted.velocity_curve
        self.light.show_state(is_open=port.is_open, is_in_trouble=bool(port.problem))
        is_named = port.controller != port.name  # a profile learnt at a port is called after it
        self.profile.show_text(port.controller if is_named else "")
        self.problem.setText(port.problem)
        self.problem.setVisible(bool(port.problem) and wanted.is_enabled)
        self.details.setVisible(wanted.is_enabled)
        with QSignalBlocker(self.switch), QSignalBlocker(self.touch):
            self.switch.setChecked(wanted.is_enabled)
            self.touch.setCurrentIndex(self.touch.findData(self._curve.kind))
        self.octave.show_number(wanted.octave)
        self.transpose.show_number(wanted.transpose)
        self.view.show_curve(self._curve)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for each in (self.light, self.switch, self.touch, self.view):
            each.show_theme(theme)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.light)
        head.addWidget(self.words)
        head.addWidget(self.profile, 1)
        head.addWidget(self.switch)
        hold_size(self.switch, width_px=72)
        self._grid = grid = QGridLayout(self.details)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(
            (("Touch", self.touch), ("Octave", self.octave), ("Transpose", self.transpose))
        ):
            caption = label(words, "second")
            caption.setBuddy(field)
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.details)
        self._place_view(is_beside=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the curve under the fields where there is no room beside them."""
        super().resizeEvent(event)
        self._place_view(is_beside=self.width() >= scaled(_ROOMY_PX))

    def _place_view(self, *, is_beside: bool) -> None:
        if is_beside:
            self._grid.addWidget(self.view, 0, 2, 3, 1)
        else:
            self._grid.addWidget(self.view, 3, 0, 1, 2)

    def _connect(self) -> None:
        self.switch.toggled.connect(lambda is_on: self.change_wanted.emit({"is_enabled": is_on}))
        self.touch.activated.connect(self._on_touch_activated)
        self.view.curve_drawn.connect(self._on_view_curve_drawn)
        self.octave.number_entered.connect(
            lambda octave: self.change_wanted.emit({"octave": octave})
        )
        self.transpose.number_entered.connect(
            lambda semitones: self.change_wanted.emit({"transpose": semitones})
        )

    def _on_touch_activated(self, index: int) -> None:
        kind = cast(CurveKind, self.touch.itemData(index))
        points = self._curve.points
        if kind == "own" and not points:
            points = drawn_points(self._curve)
        self.change_wanted.emit({"velocity_curve": replace(self._curve, kind=kind, points=points)})

    def _on_view_curve_drawn(self, curve: VelocityCurve) -> None:
        self._curve = curve
        with QSignalBlocker(self.touch):
            self.touch.setCurrentIndex(self.touch.findData(curve.kind))
        self.change_wanted.emit({"velocity_curve": curve})
