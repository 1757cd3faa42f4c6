"""The bar at the top: playing, grabbing, time, key, and whether keyboard and sound are there."""

import re
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from musicassist.engine.protocol import EngineReady, KeyMoved
from musicassist.errors import KeySpellingError
from musicassist.music.keys import Key
from musicassist.music.session import Session
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.controls import Button, ComboBox, DecimalField, ElidedLabel, label
from musicassist.ui.hints import HINTS, describe, enable, plain_tip
from musicassist.ui.theme import DARK, Theme

HEIGHT_PX: Final = 52
SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 400.0
_METERS: Final = (
    *("2/4", "3/4", "4/4", "5/4", "6/4", "7/4"),
    *("3/8", "5/8", "6/8", "7/8", "9/8", "12/8"),
)
_FOUND_KEY: Final = "Auto"
_KEY_NAMES: Final = tuple(
    f"{tonic} {mode}"
    for mode in ("major", "minor")
    for tonic in ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
)
_MOST_PORTS: Final = 2
_LIGHT_MS: Final = 160


class TransportBar(QWidget):
    """Shows where the music is and sends what the user wants of it."""

    home_wanted = Signal()
    play_wanted = Signal()
    grab_wanted = Signal()
    loop_set = Signal(bool)
    undo_wanted = Signal()
    redo_wanted = Signal()
    panic_wanted = Signal()
    theme_wanted = Signal()
    tempo_entered = Signal(float)
    meter_entered = Signal(int, int)
    key_entered = Signal(object)
    key_misspelt = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transport_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "bar")
        self.setFixedHeight(HEIGHT_PX)
        self._theme = DARK
        self._session = Session()
        self.name = ElidedLabel(role="name")
        describe(self.name, "session_name")
        self.home = _button("home_button", "home")
        self.play = _button("play_button", "play")
        self.grab_button = _button("grab_button", "grab", text="Grab")
        self.loop = _button("loop_button", "loop")
        self.loop.setCheckable(True)
        self.undo = _button("undo_button", "undo")
        self.redo = _button("redo_button", "redo")
        self.position = label("1.1.1", "value")
        self.position.setMinimumWidth(64)
        describe(self.position, "bar_readout")
        self.tempo = DecimalField(SLOWEST_BPM, FASTEST_BPM, 2)
        self.meter = ComboBox()
        self.meter.addItems(list(_METERS))
        self.key = _key_field()
        for field, name, width in (
            (self.tempo, "tempo_field", 72),
            (self.meter, "meter_field", 70),
            (self.key, "key_field", 128),
        ):
            field.setProperty("role", "readout")
            field.setFixedWidth(width)
            describe(field, name)
        self.ports = PortLights()
        self.latency = label("", "second")
        describe(self.latency, "latency_readout")
        self.theme_switch = _button("theme_button", "sun")
        self.panic = Button("Panic")
        describe(self.panic, "panic_button")
        self._lay_out()
        self._connect()

    def show_session(self, session: Session, undo_name: str, redo_name: str) -> None:
        """Show another state of the session."""
        self._session = session
        self.name.show_text(session.name)
        meter = session.timebase.meters[0]
        _set_quietly(self.tempo, session.timebase.tempos[0].bpm)
        text = f"{meter.numerator}/{meter.denominator}"
        if self.meter.findText(text) < 0:
            self.meter.addItem(text)
        self.meter.blockSignals(True)
        self.meter.setCurrentText(text)
        self.meter.blockSignals(False)
        self._show_key()
        for button, name, undone in (
            (self.undo, "undo_button", undo_name),
            (self.redo, "redo_button", redo_name),
        ):
            hint = HINTS[name]
            reason = f"There is nothing to {hint.name.lower()}."
            enable(button, name, is_enabled=bool(undone), reason=reason)
            if undone:
                button.setToolTip(plain_tip(f"{hint.name}: {undone}. {button.toolTip()}"))

    def show_player(self, *, is_playing: bool, can_play: bool, is_looping: bool) -> None:
        """Show what playback does."""
        self.play.show_icon("stop" if is_playing else "play", "sounding")
        self.play.setAccessibleName("Stop" if is_playing else "Play")
        reason = "There is nothing to play yet: play a phrase first."
        enable(self.play, "play_button", is_enabled=can_play or is_playing, reason=reason)
        self.loop.setChecked(is_looping)
        self.loop.show_icon("loop", "machine" if is_looping else "secondary")

    def show_playhead(self, ticks: float) -> None:
        """Show what bar, count and sixteenth is heard."""
        place = self._session.timebase.position_at(int(ticks))
        sixteenth = place.ticks // (TICKS_PER_BEAT // 4) + 1
        self.position.setText(f"{place.bar}.{place.count}.{sixteenth}")

    def show_engine(self, ready: EngineReady | None) -> None:
        """Show how sound leaves the machine, or that there is none."""
        if ready is None:
            self.latency.setText("No engine")
            self.latency.setToolTip("The sound engine is being started.")
        elif not ready.audio_device:
            self.latency.setText("No sound")
            self.latency.setToolTip("No audio device was found; everything else works.")
        else:
            self.latency.setText(f"{ready.latency_ms:.0f} ms")
            device = f"{ready.audio_device}, {ready.sample_rate_hz} Hz. {ready.synth}."
            self.latency.setToolTip(plain_tip(device))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for button in self.findChildren(Button):
            button.show_theme(theme)
        self.theme_switch.show_icon("sun" if theme.name == "dark" else "moon", "secondary")
        self.meter.show_theme(theme)
        self.key.show_theme(theme)
        self.ports.show_theme(theme)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        row.addWidget(self.name, 3)
        row.addSpacing(8)
        for button in (self.home, self.play, self.grab_button, self.loop):
            row.addWidget(button)
        row.addSpacing(16)
        for caption, value, indent_px in (  # each kind of field sets its text in differently
            ("Bar", self.position, 0),
            ("Tempo", self.tempo, 2),
            ("Metre", self.meter, 5),
            ("Key", self.key, 7),
        ):
            row.addWidget(_readout(caption, value, indent_px))
        row.addSpacing(8)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addStretch(2)
        row.addWidget(self.ports)
        row.addWidget(self.latency)
        row.addSpacing(8)
        row.addWidget(self.theme_switch)
        row.addWidget(self.panic)

    def _connect(self) -> None:
        self.home.clicked.connect(self.home_wanted)
        self.play.clicked.connect(self.play_wanted)
        self.grab_button.clicked.connect(self.grab_wanted)
        self.loop.clicked.connect(self.loop_set)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.panic.clicked.connect(self.panic_wanted)
        self.theme_switch.clicked.connect(self.theme_wanted)
        self.tempo.number_entered.connect(self.tempo_entered)
        self.meter.currentTextChanged.connect(self._on_meter_chosen)
        self.key.activated.connect(self._on_key_entered)
        self.key.activated.connect(self.key.clearFocus)  # Space is the window's again
        editor = self.key.lineEdit()
        if editor is not None:
            editor.editingFinished.connect(self._on_key_entered)

    def _on_meter_chosen(self, text: str) -> None:
        numerator, denominator = text.split("/")
        self.meter_entered.emit(int(numerator), int(denominator))

    def _on_key_entered(self) -> None:
        text = self.key.currentText().strip()
        known = self._session.key
        if text == (known.name if known is not None else _FOUND_KEY):
            return
        if text in ("", _FOUND_KEY):
            self.key_entered.emit(None)
            return
        try:
            key = Key.parse(text)
        except KeySpellingError as error:
            self._show_key()
            self.key_misspelt.emit(error)
            return
        self.key_entered.emit(key)
        self._show_key()

    def _show_key(self) -> None:
        key = self._session.key
        name = key.name if key is not None else _FOUND_KEY
        self.key.blockSignals(True)
        self.key.setCurrentIndex(self.key.findText(name))
        self.key.setEditText(name)
        editor = self.key.lineEdit()
        if editor is not None:
            editor.setCursorPosition(0)
        self.key.blockSignals(False)


class PortLights(QWidget):
    """A light and a name for each MIDI input; names are foreign text and drawn as such."""

    def __init__(self) -> None:
        super().__init__()
        describe(self, "port_lights")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._row = row
        self._lights: dict[str, PortLight] = {}
        self._theme = DARK
        self._none = label("No keyboard", "second")
        row.addWidget(self._none)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_ports(self, names: tuple[str, ...]) -> None:
        """Show the inputs being listened to."""
        for light in self._lights.values():
            self._row.removeWidget(light)
            light.deleteLater()
        self._lights = {}
        for name in names[:_MOST_PORTS]:
            light = PortLight(name)
            light.show_theme(self._theme)
            self._lights[name] = light
            self._row.addWidget(light)
        self._none.setVisible(not names)
        tip = HINTS["port_lights"].tip
        listening = f"Listening to {', '.join(names)}." if names else "No keyboard is connected."
        self.setToolTip(plain_tip(f"{listening} {tip}"))

    def show_key(self, moved: KeyMoved) -> None:
        """Let a port's light show that it plays."""
        light = self._lights.get(moved.source)
        if light is not None and moved.is_down:
            light.flash()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for light in self._lights.values():
            light.show_theme(theme)


class PortLight(QWidget):
    """One port: a dot that is green while connected and blue while it plays."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("port_light")
        self._theme = DARK
        self._is_lit = False
        self.words = ElidedLabel(short_port_name(name))
        self.words.setMaximumWidth(120)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.addWidget(self.words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LIGHT_MS)
        self._timer.timeout.connect(self._go_dark)

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
        """Draw the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.person if self._is_lit else self._theme.sounding))
        painter.drawEllipse(3, self.height() // 2 - 4, 8, 8)

    def _go_dark(self) -> None:
        self._is_lit = False
        self.update()


def short_port_name(name: str) -> str:
    """Return the part of a port's name that tells it apart.

    ALSA and JACK write the client first and ALSA its numbers last: `V49:V49 MIDI 1 20:0`.
    """
    without_numbers = re.sub(r"\s+\d+:\d+$", "", name)
    return without_numbers.rpartition(":")[2].strip() or name


def _button(name: str, icon_name: str, *, text: str = "") -> Button:
    button = Button(text, role="plain" if text else "icon", icon_name=icon_name)
    describe(button, name)
    return button


def _key_field() -> ComboBox:
    field = ComboBox()
    field.setEditable(True)
    field.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
    field.addItem(_FOUND_KEY)
    field.addItems(list(_KEY_NAMES))
    completer = field.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseSensitive)
    return field


def _readout(caption: str, value: QWidget, indent_px: int) -> QWidget:
    box = QWidget()
    box.setProperty("role", "clear")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 7, 0, 7)
    column.setSpacing(0)
    words = label(caption, "caption")
    words.setContentsMargins(indent_px, 0, 0, 0)
    column.addWidget(words)
    column.addWidget(value)
    return box


def _set_quietly(field: DecimalField, value: float) -> None:
    field.blockSignals(True)
    field.setValue(value)
    field.blockSignals(False)
