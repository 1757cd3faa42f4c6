"""The bar at the top: playing, recording, time, key, and whether keyboard and sound are there."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from musicassist.app.player import TransportState
from musicassist.errors import KeySpellingError
from musicassist.music.keys import Key
from musicassist.music.session import Session
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.storage.settings import Settings
from musicassist.ui.controls import Button, ComboBox, label
from musicassist.ui.hints import HINTS, describe, enable, plain_tip
from musicassist.ui.port_lights import PortLights
from musicassist.ui.readouts import LatencyReadout, PositionReadout, RecordButton
from musicassist.ui.session_title import INDENT_PX, SessionTitle
from musicassist.ui.sizes import WrappingRow, hold_size
from musicassist.ui.tempo_box import TempoBox
from musicassist.ui.theme import Theme, scaled

HEIGHT_PX: Final = 52
_SPACING_PX: Final = 4
_MARGIN_PX: Final = 16
_ROOMY_PX: Final = 1280
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
_COUNT_INS: Final = {0: "None", 1: "1 bar", 2: "2 bars", 4: "4 bars"}


class TransportBar(QWidget):
    """Shows where the music is and sends what the user wants of it."""

    home_wanted = Signal()
    play_wanted = Signal()
    record_wanted = Signal()
    grab_wanted = Signal()
    loop_set = Signal(bool)
    metronome_set = Signal(bool)
    accent_set = Signal(bool)
    overdub_set = Signal(bool)
    count_in_chosen = Signal(int)
    undo_wanted = Signal()
    redo_wanted = Signal()
    panic_wanted = Signal()
    view_wanted = Signal()
    devices_wanted = Signal()
    meter_entered = Signal(int, int)
    key_entered = Signal(object)
    key_misspelt = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transport_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "bar")
        self._session = Session()
        self.title = SessionTitle()
        self.home = _button("home_button", "home")
        self.play = _button("play_button", "play")
        self.record = RecordButton()
        self.grab_button = _button("grab_button", "grab", text="Grab")
        self.loop = _button("loop_button", "loop")
        self.loop.setCheckable(True)
        self.metronome = _button("metronome_button", "metronome")
        self.metronome.setCheckable(True)
        self.click_options = Button(role="bare", icon_name="chevron", icon_px=12)
        hold_size(self.click_options, width_px=24, height_px=24)
        describe(self.click_options, "click_options_button")
        self._fill_click_options()
        self.undo = _button("undo_button", "undo")
        self.redo = _button("redo_button", "redo")
        self.position = PositionReadout()
        self.tempo = TempoBox()
        self.meter = ComboBox()
        self.meter.addItems(list(_METERS))
        self.key = _key_field()
        for field, name, width in (
            (self.meter, "meter_field", 60),
            (self.key, "key_field", 104),
        ):
            field.setProperty("role", "readout")
            hold_size(field, width_px=width)
            describe(field, name)
        self.ports = PortLights()
        self.latency = LatencyReadout()
        self.devices = _button("devices_button", "devices")
        self.devices.setCheckable(True)
        self.view = _button("view_button", "view")
        self.panic = Button("Panic")
        describe(self.panic, "panic_button")
        self._lay_out()
        self._connect()

    def show_session(self, session: Session, undo_name: str, redo_name: str) -> None:
        """Show another state of the session."""
        self._session = session
        meter = session.timebase.meters[0]
        self.tempo.show_tempo(session.timebase.tempos[0].bpm)
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

    def show_transport(self, state: TransportState, *, is_overdubbing: bool) -> None:
        """Show what the transport does."""
        self.play.show_icon("stop" if state.is_playing else "play", "sounding")
        self.play.setAccessibleName("Stop" if state.is_playing else "Play")
        reason = "There is nothing to play yet: play a phrase first."
        can_press = state.can_play or state.is_playing
        enable(self.play, "play_button", is_enabled=can_press, reason=reason)
        self.loop.setChecked(state.is_looping)
        self.loop.show_icon("loop", "working" if state.is_looping else "secondary")
        self.record.setChecked(state.is_recording)
        self.record.setAccessibleName("Stop recording" if state.is_recording else "Record")
        self.position.show_red(is_red=state.is_recording)
        self._overdub.setChecked(is_overdubbing)
        self._replace.setChecked(not is_overdubbing)

    def show_settings(self, settings: Settings) -> None:
        """Show the metronome, its accent and the count-in."""
        self.metronome.setChecked(settings.is_metronome_on)
        tint = "text" if settings.is_metronome_on else "secondary"
        self.metronome.show_icon("metronome", tint)
        self._accent.setChecked(settings.is_accented)
        for n_bars, action in self._count_ins.items():
            action.setChecked(n_bars == settings.count_in_bars)

    def show_playhead(self, ticks: float, start_ticks: int | None = None) -> None:
        """Show what bar, count and sixteenth is heard.

        Args:
            ticks: Where the transport is.
            start_ticks: While counting in, where it will start: bars before count -1, -2, ...
        """
        timebase = self._session.timebase
        if start_ticks is None:
            place = timebase.position_at(max(0, int(ticks)))
            bar, count, into_count_ticks = place.bar, place.count, place.ticks
        else:
            meter = timebase.meter_at(start_ticks)
            count_ticks = meter.bar_ticks // meter.numerator
            bar, into_bar_ticks = divmod(int(ticks) - start_ticks, meter.bar_ticks)
            count, into_count_ticks = divmod(into_bar_ticks, count_ticks)
            count += 1
        sixteenth = into_count_ticks // (TICKS_PER_BEAT // 4) + 1
        self.position.setText(f"{bar}.{count}.{sixteenth}".replace("-", "\u2212"))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        parts = (
            *(self.title, self.home, self.play, self.record, self.grab_button, self.loop),
            *(self.metronome, self.click_options, self.undo, self.redo),
            *(self.position, self.tempo, self.meter, self.key),
            *(self.ports, self.devices, self.view, self.panic),
        )
        for part in parts:
            part.show_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is said of saving where room is short."""
        super().resizeEvent(event)
        self.title.show_narrow(is_narrow=self.width() < scaled(_ROOMY_PX))

    def _fill_click_options(self) -> None:
        menu = QMenu(self.click_options)
        menu.setObjectName("click_options_menu")
        menu.setAccessibleName(self.click_options.accessibleName())
        self._accent = menu.addAction("Accent the first count")
        self._accent.setCheckable(True)
        self._accent.triggered.connect(self.accent_set)
        _add_heading(menu, "Count-in before recording")
        lengths = QActionGroup(menu)
        self._count_ins = {}
        for n_bars, words in _COUNT_INS.items():
            action = lengths.addAction(menu.addAction(words))
            action.setCheckable(True)
            action.triggered.connect(lambda _on, sent=n_bars: self.count_in_chosen.emit(sent))
            self._count_ins[n_bars] = action
        _add_heading(menu, "Recording over a phrase")
        both = QActionGroup(menu)
        self._overdub = menu.addAction("Adds to it (overdub)")
        self._replace = menu.addAction("Replaces what was there")
        for action, is_overdub in ((self._overdub, True), (self._replace, False)):
            action.setCheckable(True)
            both.addAction(action)
            action.triggered.connect(lambda _on, sent=is_overdub: self.overdub_set.emit(sent))
        self._options_menu = menu

    def _show_click_options(self) -> None:
        below = self.click_options.mapToGlobal(self.click_options.rect().bottomLeft())
        self._options_menu.popup(below)

    def _lay_out(self) -> None:
        row = WrappingRow(HEIGHT_PX - 1, _SPACING_PX, (_MARGIN_PX - INDENT_PX, _MARGIN_PX))
        self.setLayout(row)
        parts: tuple[tuple[QWidget, ...], ...] = (
            (self.title,),
            (self.home, self.play, self.record, self.grab_button, self.loop),
            (self.metronome, self.click_options),
            *(
                (_readout(caption, value, indent_px),)
                for caption, value, indent_px in (  # each kind of field indents its text its way
                    ("Bar", self.position, 0),
                    ("Tempo", self.tempo, 2),
                    ("Metre", self.meter, 5),
                    ("Key", self.key, 7),
                )
            ),
            (self.undo, self.redo),
        )
        for part in parts:
            row.addWidget(_group(*part))
        row.end_left()
        for part in ((self.ports, self.latency), (self.devices, self.view, self.panic)):
            row.addWidget(_group(*part))

    def _connect(self) -> None:
        self.home.clicked.connect(self.home_wanted)
        self.play.clicked.connect(self.play_wanted)
        self.record.clicked.connect(self.record_wanted)
        self.grab_button.clicked.connect(self.grab_wanted)
        self.loop.clicked.connect(self.loop_set)
        self.metronome.clicked.connect(self.metronome_set)
        self.click_options.clicked.connect(self._show_click_options)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.panic.clicked.connect(self.panic_wanted)
        self.view.clicked.connect(self.view_wanted)
        self.devices.clicked.connect(lambda: self.devices_wanted.emit())
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


def _add_heading(menu: QMenu, words: str) -> None:
    """Write over what follows in a menu what it is about; a styled section has no words."""
    menu.addSeparator()
    heading = QWidgetAction(menu)
    words_label = label(words, "caption")
    words_label.setContentsMargins(_MARGIN_PX, 4, _MARGIN_PX, 4)
    heading.setDefaultWidget(words_label)
    menu.addAction(heading)


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


def _group(*parts: QWidget) -> QWidget:
    """Return widgets that stay together when the bar wraps."""
    box = QWidget()
    box.setProperty("role", "clear")
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_SPACING_PX)
    for part in parts:
        row.addWidget(part)
    return box


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
