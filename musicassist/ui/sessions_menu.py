"""The user's sessions in a menu: new ones, recent ones, copies, files to open."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from musicassist.app.bootstrap import Services
from musicassist.app.music_file import MUSIC_SUFFIXES
from musicassist.app.sessions import Sessions
from musicassist.app.settings import SettingsService
from musicassist.storage.database import SUFFIX
from musicassist.storage.library import SessionCard
from musicassist.ui.actions import Actions
from musicassist.ui.folders import open_where_last
from musicassist.ui.hints import plain_tip
from musicassist.ui.session_title import SessionTitle

COMMANDS: Final = (
    "new",
    "open_file",
    "sessions",
    "duplicate_session",
    "rename_session",
    "show_session_file",
    "remove_session",
)
_LONGEST_SHOWN: Final = 40
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


class SessionsMenu(QMenu):
    """The menu behind the chevron at the session's name.

    Args:
        sessions: What it opens and makes.
        actions: The window's commands, those of `COMMANDS` among them.
        parent: Its Qt owner.
    """

    def __init__(self, sessions: Sessions, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sessions_menu")
        self.setAccessibleName("Sessions")
        self.setToolTipsVisible(True)
        self._sessions = sessions
        self._actions = actions
        actions.fill(self, ("new",))
        self.templates = self._part("New from template", "templates_menu")
        actions.fill(self, ("duplicate_session", "rename_session", ""))
        self.recent = self._part("Open recent", "recent_menu")
        actions.fill(self, ("open_file", "", "show_session_file", "remove_session"))
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Look again at which sessions there are."""
        reason = self._sessions.reason_for_one
        for name in ("duplicate_session", "show_session_file", "remove_session"):
            action = self._actions[name]
            action.setEnabled(not reason)
            action.setToolTip(reason or action.text())
        for menu in (self.templates, self.recent):
            menu.menuAction().setEnabled(not reason)
            menu.menuAction().setToolTip(reason)
        if not self.templates.actions():
            self._offer_templates()
        self.recent.clear()
        if not reason:
            cards = self._sessions.recent()
            for card in cards:
                self._offer(card)
            if not cards:
                self.recent.menuAction().setEnabled(False)
                self.recent.menuAction().setToolTip("There are no other sessions yet.")

    def _offer_templates(self) -> None:
        from musicassist.app.templates import all_templates

        for template in all_templates():
            action = self.templates.addAction(template.title)
            action.setToolTip(f"{template.summary}.")
            action.triggered.connect(
                lambda _on=False, chosen=template: self._sessions.start_from(chosen)
            )

    def _offer(self, card: SessionCard) -> None:
        action = self.recent.addAction(f"{_shown(card.name)}\t{facts_of(card, datetime.now())}")
        action.setEnabled(not card.problem)
        action.setToolTip(plain_tip(str(card.path)))
        action.triggered.connect(lambda _on=False: self._sessions.open(card.path))

    def _part(self, title: str, name: str) -> QMenu:
        menu = self.addMenu(title)
        assert isinstance(menu, QMenu)
        menu.setObjectName(name)
        menu.setToolTipsVisible(True)
        return menu


def connect_sessions(
    title: SessionTitle, services: Services, actions: Actions, window: QWidget
) -> SessionsMenu:
    """Tie the name at the top, its menu and their commands to the sessions."""
    sessions, keeper, document = services.sessions, services.keeper, services.document
    chooser = _Chooser(window, services.phrase_files.open_first, services.settings)

    def show_menu() -> None:
        below = title.menu_button.rect().bottomLeft()
        menu.popup(title.menu_button.mapToGlobal(below))

    def show_state() -> None:
        title.show_keeping(keeper.state, keeper.error)

    def show_name() -> None:
        name = document.session.name
        title.show_name(name)
        window.setWindowTitle(f"{name} \u2013 MusicAssist")

    acts: tuple[Callable[[], object], ...] = (
        sessions.start_new,
        chooser.open,
        show_menu,
        sessions.duplicate,
        title.edit,
        lambda: _show_in_folder(sessions.path),
        sessions.remove,
    )
    for name, act in zip(COMMANDS, acts, strict=True):
        actions.add(name, act)
    menu = SessionsMenu(sessions, actions, window)
    title.renamed.connect(sessions.rename)
    title.menu_wanted.connect(show_menu)
    keeper.state_changed.connect(show_state)
    document.session_changed.connect(show_name)
    show_state()
    show_name()
    return menu


class _Chooser(QObject):
    """Asks which file shall be opened.

    Args:
        window: In front of which it asks.
        open_files: Opens what was chosen.
        settings: Which folder it was the last time.
    """

    def __init__(
        self,
        window: QWidget,
        open_files: Callable[[list[Path]], object],
        settings: SettingsService,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        self._open_files = open_files

    def open(self) -> None:
        """Ask."""
        dialog = QFileDialog(self._window, "Open a session or music")
        dialog.setObjectName("open_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        music = " ".join(f"*{suffix}" for suffix in MUSIC_SUFFIXES)
        dialog.setNameFilters(
            [
                f"Sessions and music (*{SUFFIX} {music})",
                f"Sessions (*{SUFFIX})",
                f"MIDI and MusicXML ({music})",
            ]
        )
        open_where_last(dialog, self._settings)
        dialog.fileSelected.connect(lambda name: self._open_files([Path(name)]))
        dialog.open()


def _show_in_folder(path: Path | None) -> None:
    if path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def facts_of(card: SessionCard, now: datetime) -> str:
    """Return what a list says beside a session's name: when it was saved, how many takes.

    Args:
        card: The session.
        now: The moment, in the time zone of the user.
    """
    if card.problem:
        return card.problem
    takes = {0: "no takes", 1: "1 take"}.get(card.n_takes, f"{card.n_takes} takes")
    if card.saved_at is None:
        return takes
    return f"{_when(card.saved_at.astimezone(now.tzinfo), now)} \u00b7 {takes}"


def _when(moment: datetime, now: datetime) -> str:
    day: date = moment.date()
    n_days = (now.date() - day).days
    if n_days == 0:
        return f"{moment:%H:%M}"
    if n_days == 1:
        return "yesterday"
    shown = f"{day.day} {_MONTHS[day.month - 1]}"
    return shown if day.year == now.year else f"{shown} {day.year}"


def _shown(name: str) -> str:
    """Return a name as a menu can show it: short, on one line, without marks of keys."""
    name = " ".join(name.split())
    short = name if len(name) <= _LONGEST_SHOWN else f"{name[: _LONGEST_SHOWN - 1]}\u2026"
    return short.replace("&", "&&")
