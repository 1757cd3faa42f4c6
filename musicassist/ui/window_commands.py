"""What the window's own commands do; those of panels are tied where the panels are."""

from typing import TYPE_CHECKING

from musicassist.app.bootstrap import Services
from musicassist.ui.theme import DARK
from musicassist.ui.view_menu import next_text_percent

if TYPE_CHECKING:
    from musicassist.ui.main_window import MainWindow


def add_window_commands(window: "MainWindow", services: Services) -> None:
    """Tie the window's commands to what they do."""
    player, controls, workbench = services.player, services.controls, services.workbench
    settings, axis = services.settings, window.timeline.axis

    def change_text(step: int) -> None:
        percent = next_text_percent(settings.settings.text_percent, step)
        settings.change(text_percent=percent)

    for name, act in {
        "play": player.toggle,
        "play_on": player.play_on,
        "record": player.record,
        "metronome": controls.toggle_metronome,
        "tap": controls.tap,
        "tempo_up": lambda: controls.nudge_tempo(1),
        "tempo_down": lambda: controls.nudge_tempo(-1),
        "computer_keyboard": lambda: toggle_computer_keyboard(window, services),
        "devices": window.transport.devices.click,
        "continue": window.solo_panel.go.click,
        "home": lambda: player.start_at(0),
        "grab": workbench.grab,
        "loop": window.transport.loop.click,
        "undo": services.document.undo,
        "redo": services.document.redo,
        "audition": window.audition_selected,
        "previous_take": lambda: controls.step_take(-1),
        "next_take": lambda: controls.step_take(1),
        "export": window.save_selected,
        "panic": workbench.stop,
        "show_all": axis.show_all,
        "zoom_in": lambda: axis.zoom(1.25),
        "zoom_out": lambda: axis.zoom(0.8),
        "help": lambda: show_help(window),
        "shortcuts": window.show_shortcuts,
        "first_steps": window.tour.start,
        "theme": lambda: settings.change(theme="light" if window.theme is DARK else "dark"),
        "text_larger": lambda: change_text(1),
        "text_smaller": lambda: change_text(-1),
        "reset_layout": window.docks.reset,
    }.items():
        window.commands.add(name, act)
    window.keymap.changed.connect(lambda: settings.change(keys=window.keymap.own))
    keys = window.computer_keyboard
    keys.key_pressed.connect(workbench.press_key)
    keys.key_released.connect(workbench.release_key)
    keys.told.connect(services.notices.tell)
    keys.letters_changed.connect(window.keyboard.show_letters)


def show_help(window: "MainWindow") -> None:
    """Bring the help to the front, about whatever has the focus."""
    dock = window.docks["help"]
    dock.show()
    dock.raise_()
    focused = window.focusWidget()
    if focused is not None:
        window.help.show_help(focused)


def toggle_computer_keyboard(window: "MainWindow", services: Services) -> None:
    """Let the computer's keys play, or be letters again, and say which."""
    keys = window.computer_keyboard
    keys.set_on(is_on=not keys.is_on)
    services.notices.tell(
        "The keys from A to P play now; Z and X change the octave."
        if keys.is_on
        else "The computer's keys are letters again."
    )
