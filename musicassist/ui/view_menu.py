"""How the window looks: panels, theme, size of text, names of notes."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from musicassist.app.settings import SettingsService
from musicassist.storage.settings import Settings
from musicassist.ui.actions import Actions
from musicassist.ui.docks import PanelDock
from musicassist.ui.theme import DARK, LIGHT, Theme

TEXT_PERCENTS: Final = (100, 125, 150, 175, 200)
_THEMES: Final = {"dark": "Dark", "light": "Light", "system": "As the system has it"}
_MIDDLE_CS: Final = {3: "C3, as in Ableton Live", 4: "C4, as in scores"}


class ViewMenu(QMenu):
    """The menu behind the button at the top right.

    Args:
        docks: The panels that can be shown and hidden.
        actions: The window's commands.
        settings: Where what is chosen is remembered.
        parent: Its Qt owner.
    """

    def __init__(
        self,
        docks: tuple[PanelDock, ...],
        actions: Actions,
        settings: SettingsService,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("view_menu")
        self.setAccessibleName("View")
        self._settings = settings
        panels = self._part("Panels")
        for dock in docks:
            panels.addAction(dock.toggleViewAction())
        actions.fill(panels, ("", "reset_layout"))
        self._offer(self._part("Theme"), "theme", _THEMES)
        size = self._part("Text size")
        self._offer(size, "text_percent", {each: f"{each} %" for each in TEXT_PERCENTS})
        actions.fill(size, ("", "text_larger", "text_smaller"))
        self._offer(self._part("Middle C"), "middle_c_octave", _MIDDLE_CS)
        actions.fill(self, ("", "zoom_in", "zoom_out", "show_all"))
        actions.fill(self, ("", "computer_keyboard", "shortcuts", "help", "first_steps", "devices"))

    def _part(self, title: str) -> QMenu:
        menu = self.addMenu(title)
        assert isinstance(menu, QMenu)
        menu.setObjectName(f"{title.lower().replace(' ', '_')}_menu")
        return menu

    def _offer(
        self, menu: QMenu, name: str, choices: Mapping[int, str] | Mapping[str, str]
    ) -> None:
        """Let one value of a setting be chosen; the one that holds has a mark."""
        group = QActionGroup(menu)
        for value, words in choices.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(
                lambda _on=True, value=value: self._settings.change(**{name: value})
            )

            def show(
                settings: Settings, action: QAction = action, value: int | str = value
            ) -> None:
                action.setChecked(getattr(settings, name) == value)

            show(self._settings.settings)
            self._settings.changed.connect(show)


def theme_of(settings: Settings) -> Theme:
    """Return the theme that is set, or that the desktop has."""
    name = settings.theme
    if name == "system":
        is_light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        name = "light" if is_light else "dark"
    return LIGHT if name == "light" else DARK


def next_text_percent(percent: int, step: int) -> int:
    """Return the next larger (1) or smaller (-1) size of text on offer."""
    if step > 0:
        return next((each for each in TEXT_PERCENTS if each > percent), TEXT_PERCENTS[-1])
    return next((each for each in reversed(TEXT_PERCENTS) if each < percent), TEXT_PERCENTS[0])
