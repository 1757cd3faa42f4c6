"""Keyboards, controls, sound, MIDI out and health, in a sheet beside the music."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from musicassist.app.devices import DevicesService, DevicesState
from musicassist.app.mixer import Mixer
from musicassist.app.settings import SettingsService
from musicassist.music.mix import Mix
from musicassist.music.playing import InputSettings
from musicassist.storage.settings import Settings
from musicassist.ui.controls import Button, rule
from musicassist.ui.health_page import HealthPage
from musicassist.ui.hints import describe_one_of
from musicassist.ui.keyboards_page import KeyboardsPage
from musicassist.ui.learn_page import LearnPage
from musicassist.ui.midi_out_page import MidiOutPage
from musicassist.ui.sizes import WrappingRow
from musicassist.ui.sound_page import SoundPage
from musicassist.ui.theme import SIDE_PX, Theme

WIDTH_PX: Final = 392
_TAB_PX: Final = 28


class DevicesPanel(QWidget):
    """Shows the devices, what is set up of them, and sends what the user wants.

    `shown` comes when it becomes visible: until then nothing has to be shown to it.
    `settings_changed(fields)` and `input_changed(name, fields)` carry what is to be remembered,
    `mute_set(part, is_muted)` what holds for now.

    Args:
        input_settings: Returns what is wanted of an input now.
    """

    settings_changed = Signal(object)
    input_changed = Signal(str, object)
    learn_wanted = Signal(str)
    learn_cancelled = Signal()
    forget_wanted = Signal(str)
    sound_chosen = Signal(str, int)
    soundfonts_wanted = Signal()
    shown = Signal()

    def __init__(self, input_settings: Callable[[str], InputSettings]) -> None:
        super().__init__()
        self.setObjectName("devices_panel")
        self.setAccessibleName("Devices")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH_PX)
        self.keyboards = KeyboardsPage(input_settings)
        self.learn = LearnPage()
        self.sound = SoundPage()
        self.midi_out = MidiOutPage()
        self.health = HealthPage()
        self.tabs = Tabs(("Keyboards", "Controls", "Sound", "MIDI out", "Health"))
        self.pages = QStackedWidget()
        for page in (self.keyboards, self.learn, self.sound, self.midi_out, self.health):
            self.pages.addWidget(_scrolled(page))
        self._lay_out()
        self._connect()

    def show_state(self, state: DevicesState, settings: Settings, mix: Mix) -> None:
        """Show what there is and what is wanted of it."""
        self.keyboards.show_state(state)
        self.learn.show_state(state)
        self.sound.show_state(state, settings, mix)
        self.midi_out.show_state(state, settings)
        self.health.show_state(state)

    def show_spoken(self, port: str) -> None:
        """Let an input's light show that something arrived there."""
        self.keyboards.show_spoken(port)

    def show_page(self, name: str) -> None:
        """Bring a part to the front, by the words of its tab."""
        self.tabs.choose(name)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for page in (self.keyboards, self.learn, self.sound, self.midi_out, self.health):
            page.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is to be shown."""
        self.shown.emit()
        super().showEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addSpacing(8)
        column.addWidget(rule())
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.pages.setCurrentIndex)
        self.keyboards.input_changed.connect(self.input_changed)
        self.learn.learn_wanted.connect(self.learn_wanted)
        self.learn.learn_cancelled.connect(self.learn_cancelled)
        self.learn.forget_wanted.connect(self.forget_wanted)
        self.sound.settings_changed.connect(self.settings_changed)
        self.sound.sound_chosen.connect(self.sound_chosen)
        self.sound.soundfonts_wanted.connect(self.soundfonts_wanted)
        self.midi_out.settings_changed.connect(self.settings_changed)
        self.health.larger_buffer_wanted.connect(self._on_health_larger_buffer_wanted)

    def _on_health_larger_buffer_wanted(self) -> None:
        self.show_page("Sound")
        self.sound.block.setFocus(Qt.FocusReason.OtherFocusReason)


def connect_devices_panel(
    panel: DevicesPanel, devices: DevicesService, settings: SettingsService, mixer: Mixer
) -> None:
    """Let a panel show the devices, and the services do what it sends."""

    def show(_what: object = None) -> None:
        if panel.isVisible():
            panel.show_state(devices.state, settings.settings, mixer.mix)

    panel.shown.connect(show)
    devices.state_changed.connect(show)
    devices.port_spoke.connect(panel.show_spoken)
    settings.changed.connect(show)
    mixer.changed.connect(show)
    panel.sound_chosen.connect(mixer.choose_sound)
    panel.settings_changed.connect(lambda fields: settings.change(**fields))
    panel.input_changed.connect(lambda name, fields: devices.change_input(name, **fields))
    panel.learn_wanted.connect(devices.learn)
    panel.learn_cancelled.connect(devices.cancel_learning)
    panel.forget_wanted.connect(devices.forget_controls)
    panel.soundfonts_wanted.connect(devices.look_for_soundfonts)


class Tabs(QWidget):
    """Buttons in a row, one of them chosen; arrow keys go along them.

    Args:
        names: Their words.
    """

    chosen = Signal(int)

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._names = names
        self._group = QButtonGroup(self)
        row = WrappingRow(_TAB_PX, 2, (SIDE_PX, SIDE_PX))
        self.setLayout(row)
        self.buttons: list[Button] = []
        for index, name in enumerate(names):
            button = Button(name, role="tab")
            button.setCheckable(True)
            describe_one_of(button, "devices_tab", name.lower().replace(" ", "-"), name)
            self._group.addButton(button, index)
            row.addWidget(button)
            self.buttons.append(button)
        row.end_left()
        self.buttons[0].setChecked(True)
        self._group.idToggled.connect(self._on_group_toggled)

    @property
    def current(self) -> Button:
        """The one chosen."""
        return self.buttons[self._group.checkedId()]

    def choose(self, name: str) -> None:
        """Choose one by its words."""
        had_focus = self.current.hasFocus()
        self.buttons[self._names.index(name)].setChecked(True)
        if had_focus:
            self.current.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        index = min(max(self._group.checkedId() + step, 0), len(self.buttons) - 1)
        self.buttons[index].setChecked(True)
        self.buttons[index].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_group_toggled(self, index: int, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(index)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
