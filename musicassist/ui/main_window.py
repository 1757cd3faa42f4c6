"""The one window: lays the panels out and ties them to the services."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from musicassist.app.bootstrap import Services
from musicassist.engine.protocol import EngineReady, KeyMoved, LoopRange
from musicassist.storage.settings import Settings
from musicassist.ui.actions import Actions
from musicassist.ui.chord_commands import connect_chords
from musicassist.ui.computer_keyboard import ComputerKeyboard
from musicassist.ui.connect_takes import add_takes_commands, connect_takes_panel
from musicassist.ui.docks import (
    Docks,
    PanelDock,
    layout_of,
    place_of,
    restore_place,
    size_on_screen,
)
from musicassist.ui.drop_overlay import connect_drops
from musicassist.ui.folders import open_where_last
from musicassist.ui.help_pane import HelpPane
from musicassist.ui.keyboard_strip import KeyboardStrip
from musicassist.ui.lane_stack import connect_lanes
from musicassist.ui.late_panel import LatePanel
from musicassist.ui.mixer_bar import MixerBar, connect_mixer_bar, over_mixer
from musicassist.ui.notice_line import NoticeLine
from musicassist.ui.pointer_words import PointerWords
from musicassist.ui.roll_commands import connect_roll
from musicassist.ui.sessions_menu import connect_sessions
from musicassist.ui.shortcuts import Keymap
from musicassist.ui.sizes import rescale
from musicassist.ui.solo_panel import SoloPanel, connect_solo_panel
from musicassist.ui.step_menu import add_step_menu
from musicassist.ui.takes_panel import TakesPanel
from musicassist.ui.theme import DARK, SMALL_PX, Theme, palette, plain_font, stylesheet, text_scale
from musicassist.ui.timeline import Timeline
from musicassist.ui.timing_panel import TimingPanel
from musicassist.ui.tour import Tour, connect_tour, first_steps
from musicassist.ui.transport_bar import TransportBar
from musicassist.ui.view_menu import ViewMenu, theme_of
from musicassist.ui.window_commands import add_window_commands

if TYPE_CHECKING:
    from musicassist.ui.devices_panel import DevicesPanel
    from musicassist.ui.shortcut_sheet import ShortcutSheet

LEAST_SIZE_PX: Final = (1100, 700)
FIRST_SIZE_PX: Final = (1440, 900)


class _Themed(Protocol):
    def show_theme(self, theme: Theme) -> None: ...


class MainWindow(QMainWindow):
    """Shows a session and sends what the user wants to the services.

    `painted` comes once, when the window has first been drawn.
    """

    painted = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("MusicAssist")
        self.setMinimumSize(*LEAST_SIZE_PX)
        self.resize(size_on_screen(FIRST_SIZE_PX, LEAST_SIZE_PX))
        self._services = services
        self._theme = DARK
        self._text_percent = 0
        self._is_painted = False
        self._is_laid_out = False
        self.keymap = Keymap(services.settings.settings.keys)
        self.commands = Actions(self, self.keymap)
        self.transport = TransportBar()
        self.solo_panel = SoloPanel(services.soloist.choices)
        self.timing_panel = TimingPanel()
        self.timeline = Timeline(services.chords, services.notes)
        self.mixer = MixerBar()
        self.keyboard = KeyboardStrip()
        self.computer_keyboard = ComputerKeyboard(self)
        self.takes = TakesPanel(self._make_drag_file, services.takes.offers, self.keymap)
        self._late_devices = LatePanel(self._make_devices)
        self.notices = NoticeLine(services.notices.dismiss, self.keymap)
        self.help = HelpPane(self.keymap)
        self._sheet: ShortcutSheet | None = None
        self._view_menu: ViewMenu | None = None
        self.tour = Tour(first_steps(self.keyboard, self.solo_panel.go, self._shown_handle), self)
        self.words = PointerWords(self.keymap, self)
        self.words.came_to.connect(self.help.show_help)
        self.words.left.connect(self.help.show_first_steps)
        self.docks = self._make_docks()
        self.setMenuWidget(self.transport)
        self.setCentralWidget(over_mixer(self.timeline, self.mixer))
        self._connect_panels()
        self._connect_transport()
        self._connect_services()
        self._connect_devices()
        connect_mixer_bar(self.mixer, services, self.commands)
        add_window_commands(self, services)
        connect_roll(self.timeline, services, self.commands, self.keymap)
        add_takes_commands(self.commands, self.takes, services, self.keymap)
        connect_sessions(self.transport.title, services, self.commands, self)
        connect_drops(self, services.phrase_files.open_first, lambda: self._theme)
        connect_chords(self.timeline.chords, services.chords, self.commands)
        self.transport.latency.show_engine(None)
        self._show_session()
        self._show_transport()
        self._show_settings(services.settings.settings)
        self.timeline.roll.setFocus()

    @property
    def theme(self) -> Theme:
        """The theme shown."""
        return self._theme

    @property
    def devices(self) -> "DevicesPanel":
        """The panel of devices, which is made when it is first wanted."""
        return self._late_devices.panel

    @property
    def view_menu(self) -> ViewMenu:
        """The menu of how the window looks, which is made when it is first wanted."""
        if self._view_menu is None:
            settings = self._services.settings
            self._view_menu = ViewMenu(self.docks.panels, self.commands, settings, self)
        return self._view_menu

    def show_theme(self, theme: Theme) -> None:
        """Draw everything in a theme's colours, as large as text is set."""
        self._theme = theme
        self._text_percent = self._services.settings.settings.text_percent
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        scale = text_scale()
        app.setFont(plain_font(round(SMALL_PX * self._text_percent / 100)))
        app.setPalette(palette(theme))
        sheet = stylesheet(theme)
        if app.styleSheet() != sheet:  # it makes everything there is anew
            app.setStyleSheet(sheet)
        if text_scale() != scale:
            rescale(self)
        parts: tuple[_Themed, ...] = (
            self.transport,
            self.solo_panel,
            self.timing_panel,
            self.timeline,
            self.mixer,
            self.keyboard,
            self.takes,
            self._late_devices,
            self.notices,
            self.docks,
            self.tour,
        )
        for part in parts:
            part.show_theme(theme)
        if self._sheet is not None:
            self._sheet.show_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say so when the window is first drawn."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.words.watch)
            self.painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the panels their room, as they came or as they were left."""
        super().showEvent(event)
        if not self._is_laid_out:
            self._is_laid_out = True
            settings = self._services.settings.settings
            restore_place(self, settings.window_place)
            self.docks.restore(
                settings.window_layout,
                settings.left_heights_px,
                is_room_shared=settings.is_window_room_shared,
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where everything was, and end everything that was started."""
        self._services.settings.change(
            window_place=place_of(self),
            window_layout=layout_of(self),
            left_heights_px=self.docks.left_heights_px,
            is_window_room_shared=self.docks.is_room_shared,
        )
        self._services.shut_down()
        super().closeEvent(event)

    def show_devices(self, *, is_shown: bool) -> None:
        """Bring the devices to the front of the takes, or put them away."""
        self.docks.show_beside("takes", "devices", is_shown=is_shown)
        if is_shown:
            self.devices.tabs.current.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_shortcuts(self) -> None:
        """Open the sheet of all shortcuts."""
        if self._sheet is None:
            from musicassist.ui.shortcut_sheet import ShortcutSheet

            self._sheet = ShortcutSheet(self.keymap, self)
            self._sheet.show_theme(self._theme)
        self._sheet.show()

        self._sheet.activateWindow()
        self._sheet.search.setFocus()

    def _show_devices_page(self, name: str) -> None:
        """Show a part of the devices, or put them away when it is there already."""
        is_there = self.docks["devices"].is_seen and self.devices.tabs.current.text() == name
        self.devices.show_page(name)
        self.show_devices(is_shown=not is_there)

    def save_selected(self) -> None:
        """Ask where the chosen solo shall be saved."""
        number = self._services.document.session.selected_number
        if number is None:
            self._services.notices.tell("Choose a solo first, then it can be saved.")
        else:
            self._ask_where_to_save(number)

    def _shown_handle(self) -> QWidget:
        """Return what the chosen solo is dragged by, or where it will be."""
        number = self._services.document.session.selected_number
        if number is None or number not in self.takes.shown_numbers:
            return self.takes
        return self.takes.card(number).handle

    def _make_docks(self) -> Docks:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        docks = (
            (PanelDock("solo", "Solo", self.solo_panel), left),
            (PanelDock("timing", "Timing", self.timing_panel, is_scrolled=True), left),
            (PanelDock("help", "Help", self.help, is_slim=True, is_scrolled=True), left),
            (PanelDock("takes", "Takes", self.takes, self.takes.count), right),
            (PanelDock("devices", "Devices", self._late_devices, is_hidden=True), right),
            (PanelDock("keyboard", "Keyboard", self.keyboard, is_slim=True), bottom),
        )
        return Docks(self, docks, self.notices)

    def _connect_panels(self) -> None:
        services = self._services
        document, workbench = services.document, services.workbench
        connect_solo_panel(self.solo_panel, services)
        self.timing_panel.timing_changed.connect(
            lambda name, value: document.change_timing(**{name: value})
        )
        self.timeline.place_chosen.connect(services.player.start_at)
        self.timeline.loop_chosen.connect(self._on_timeline_loop_chosen)
        self.timeline.demo_wanted.connect(services.phrase_files.load_demo)
        self.timeline.roll.pass_wanted.connect(self._choose_next_pass)
        connect_lanes(self.timeline.stack, services)
        self.keyboard.key_pressed.connect(workbench.press_key)
        self.keyboard.key_released.connect(workbench.release_key)
        connect_takes_panel(
            self.takes, services, save=self._ask_where_to_save, show=self._show_in_roll
        )

    def _connect_transport(self) -> None:
        services, bar = self._services, self.transport
        document, player, settings = services.document, services.player, services.settings
        bar.home_wanted.connect(lambda: player.start_at(0))
        bar.play_wanted.connect(player.toggle)
        bar.record_wanted.connect(player.record)
        bar.grab_wanted.connect(services.workbench.grab)
        bar.loop_set.connect(player.set_looping)
        bar.overdub_set.connect(lambda is_on: player.set_overdubbing(is_overdubbing=is_on))
        bar.metronome_set.connect(lambda is_on: settings.change(is_metronome_on=is_on))
        bar.accent_set.connect(lambda is_on: settings.change(is_accented=is_on))
        bar.count_in_chosen.connect(lambda n_bars: settings.change(count_in_bars=n_bars))
        bar.undo_wanted.connect(document.undo)
        bar.redo_wanted.connect(document.redo)
        add_step_menu(bar.undo, lambda: document.undo_names, document.undo)
        add_step_menu(bar.redo, lambda: document.redo_names, document.redo)
        bar.panic_wanted.connect(services.workbench.stop)
        bar.view_wanted.connect(self._show_view_menu)
        bar.tempo.tempo_entered.connect(document.set_tempo)
        bar.tempo.tapped.connect(services.controls.tap)
        bar.tempo.reread_wanted.connect(services.phrases.reread)
        bar.tempo.corrected.connect(services.notices.tell)
        bar.meter_entered.connect(document.set_meter)
        bar.key_entered.connect(document.set_key)
        bar.key_misspelt.connect(services.notices.show_error)

    def _connect_services(self) -> None:
        services = self._services
        services.document.session_changed.connect(self._show_session)
        services.document.opened.connect(self.timeline.axis.show_all)
        services.document.step_taken.connect(self._on_document_step_taken)
        services.player.state_changed.connect(self._show_transport)
        services.player.playhead_moved.connect(self._on_player_playhead_moved)
        services.notices.posted.connect(self.notices.show_notice)
        services.notices.cleared.connect(self.notices.show_nothing)
        services.workbench.engine_ready.connect(self._on_workbench_engine_ready)
        services.workbench.engine_gone.connect(self._on_workbench_engine_gone)
        services.settings.changed.connect(self._show_settings)
        connect_tour(self.tour, services)
        services.phrases.passes_changed.connect(self._show_passes)
        services.phrases.recorded.connect(self.timeline.roll.forget_played)
        services.workbench.ports_changed.connect(self.transport.ports.show_ports)
        services.devices.port_spoke.connect(self.transport.ports.show_spoken)
        services.devices.state_changed.connect(
            lambda state: self.transport.latency.show_health(state.health)
        )
        services.workbench.key_moved.connect(self._on_workbench_key_moved)

    def _connect_devices(self) -> None:
        services, bar = self._services, self.transport
        bar.devices_wanted.connect(
            lambda: self.show_devices(is_shown=not self.docks["devices"].is_seen)
        )
        self.docks["devices"].visibilityChanged.connect(bar.devices.setChecked)
        bar.ports.clicked.connect(lambda: self._show_devices_page("Keyboards"))
        bar.latency.clicked.connect(lambda: self._show_devices_page("Sound"))
        services.devices.restarting.connect(self._on_workbench_engine_gone)

    def _make_devices(self) -> "DevicesPanel":
        from musicassist.ui.devices_panel import DevicesPanel, connect_devices_panel

        services = self._services
        panel = DevicesPanel(services.devices.input_settings)
        connect_devices_panel(panel, services.devices, services.settings, services.mixer)
        return panel

    def _show_view_menu(self) -> None:
        button = self.transport.view
        self.view_menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _show_session(self) -> None:
        document = self._services.document
        session = document.session
        self.transport.show_session(session, document.undo_name, document.redo_name)
        self.solo_panel.show_session(session)
        self.timing_panel.show_session(session)
        self.timeline.show_session(session, document.arrangement)
        phrases = self._services.phrases
        self.transport.tempo.show_rereading(
            is_free=phrases.is_free,
            can_halve=phrases.can_reread(0.5),
            can_double=phrases.can_reread(2.0),
        )
        self._show_passes()
        self._show_loop()

    def _show_transport(self) -> None:
        player = self._services.player
        self.transport.show_transport(player.state, is_overdubbing=player.is_overdubbing)
        self.timeline.show_recording(is_recording=player.is_recording)
        self._show_loop()

    def _show_settings(self, settings: Settings) -> None:
        self.transport.show_settings(settings)
        self.keyboard.show_middle_c(settings.middle_c_octave)
        self.timeline.roll.show_middle_c(settings.middle_c_octave)
        theme = theme_of(settings)
        if theme is not self._theme or settings.text_percent != self._text_percent:
            self.show_theme(theme)

    def _show_loop(self) -> None:
        player = self._services.player
        self.timeline.show_loop(player.loop_range, is_looping=player.state.is_looping)

    def _show_passes(self) -> None:
        phrases = self._services.phrases
        self.timeline.roll.show_passes(phrases.chosen_pass, phrases.n_passes)

    def _choose_next_pass(self) -> None:
        phrases = self._services.phrases
        if phrases.chosen_pass is not None:
            phrases.choose_pass((phrases.chosen_pass + 1) % phrases.n_passes)

    def _on_timeline_loop_chosen(self, loop: LoopRange | None) -> None:
        self._services.player.set_loop(loop)
        if loop is not None:
            self._services.player.set_looping(True)

    def audition_selected(self) -> None:
        """Hear the chosen solo after the phrase, or stop it."""
        number = self._services.document.session.selected_number
        if number is not None:
            self.takes.wanted.emit("audition", number)

    def _show_in_roll(self, _number: int) -> None:
        self.timeline.axis.scroll_to(self._services.document.arrangement.solo_start_ticks)
        self.timeline.roll.setFocus()

    def _make_drag_file(self, number: int) -> Path | None:
        session = self._services.document.session
        solo = session.solo_numbered(number)
        return self._services.exports.drag_file(session, solo) if solo is not None else None

    def _ask_where_to_save(self, number: int) -> None:
        session = self._services.document.session
        solo = session.solo_numbered(number)
        if solo is None:
            return
        dialog = QFileDialog(self, f"Save {solo.name}")
        dialog.setObjectName("save_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("MIDI file (*.mid)")
        dialog.setDefaultSuffix("mid")
        open_where_last(dialog, self._services.settings)
        dialog.selectFile(self._services.exports.file_name(session, solo))
        dialog.fileSelected.connect(
            lambda name: self._services.exports.save_as(session, solo, Path(name))
        )
        dialog.open()

    def _on_document_step_taken(self, name: str) -> None:
        if name.startswith(("Undone", "Redone")):
            self._services.notices.tell(f"{name}.")

    def _on_player_playhead_moved(self, ticks: float) -> None:
        state = self._services.player.state
        self.timeline.show_playhead(ticks, is_playing=state.is_playing)
        start_ticks = state.start_ticks if state.is_counting_in else None
        self.transport.show_playhead(ticks, start_ticks)
        n_left = 0
        if start_ticks is not None:
            meter = self._services.document.session.timebase.meter_at(start_ticks)
            n_left = math.ceil((start_ticks - ticks) * meter.numerator / meter.bar_ticks)
        self.timeline.roll.count_down.show_left(n_left)

    def _on_workbench_engine_ready(self, ready: EngineReady) -> None:
        self.transport.latency.show_engine(ready)

    def _on_workbench_engine_gone(self) -> None:
        self.transport.latency.show_engine(None)
        self.transport.ports.show_ports(())
        self.keyboard.darken()
        self.timeline.roll.darken_keys()

    def _on_workbench_key_moved(self, moved: KeyMoved) -> None:
        self.keyboard.light(moved.pitch, is_down=moved.is_down, is_playback=moved.is_playback)
        self.timeline.roll.light_key(moved.pitch, self.keyboard.token_of(moved.pitch))
        if not moved.is_playback:
            self.timeline.roll.show_played(moved.pitch, is_down=moved.is_down)
