"""Ties the panel of takes to the services."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.bootstrap import Services
from musicassist.ui.actions import Actions
from musicassist.ui.controls import TYPED_IN
from musicassist.ui.shortcuts import Keymap, key_of
from musicassist.ui.takes_panel import TakesPanel

_NEAR, _FAR = 0.8, 0.2


def connect_takes_panel(
    panel: TakesPanel,
    services: Services,
    *,
    save: Callable[[int], None],
    show: Callable[[int], None],
) -> None:
    """Let the panel show what the services say, and the services do what is wanted on it.

    Args:
        panel: The panel.
        services: The services.
        save: Asks where a solo shall be saved.
        show: Brings a solo into sight in the piano roll.
    """
    takes = services.takes
    deeds = _deeds(services, save, show)
    panel.wanted.connect(lambda deed, number: deeds[deed](number))
    panel.renamed.connect(takes.rename)
    panel.stepped.connect(services.controls.step_take)
    panel.view_chosen.connect(takes.show)
    panel.remove_rejected_wanted.connect(takes.remove_rejected)
    panel.compared.swap_wanted.connect(takes.swap)
    panel.compared.close_wanted.connect(takes.end_comparison)
    panel.comp.bars_wanted.connect(takes.take_bars)
    panel.comp.new_wanted.connect(takes.begin_comp)
    services.controls.take_stepped.connect(panel.reveal)
    _keep_showing(panel, services)


def _deeds(
    services: Services, save: Callable[[int], None], show: Callable[[int], None]
) -> dict[str, Callable[[int], object]]:
    """Return what can be done with the solo of a number, by name."""
    document, takes, player = services.document, services.takes, services.player
    notices, workbench = services.notices, services.workbench

    def audition(number: int) -> None:
        if player.is_playing and document.session.selected_number == number:
            player.stop()
        else:
            player.audition(number)

    def copy_seed(number: int) -> None:
        numbered = document.session.solo_numbered(number)
        if numbered is not None:
            QGuiApplication.clipboard().setText(str(numbered.solo.seed))
            notices.tell(f"Seed {numbered.solo.seed} copied.")

    def restore(number: int) -> None:
        document.select_solo(number)
        services.notes.restore_solo()

    def show_solo(number: int) -> None:
        document.select_solo(number)
        show(number)

    return {
        "select": document.select_solo,
        "audition": audition,
        "star": takes.star,
        "reject": takes.reject,
        "bring_back": takes.bring_back,
        "remove": takes.remove,
        "compare": takes.compare,
        "use_wishes": takes.use_wishes,
        "vary_near": lambda number: workbench.vary(number, _NEAR),
        "vary_far": lambda number: workbench.vary(number, _FAR),
        "again": workbench.answer_again,
        "copy_seed": copy_seed,
        "restore": restore,
        "save": save,
        "show": show_solo,
        "drag_hint": lambda _number: notices.tell(
            "Hold the mouse on the handle and drag it onto a track."
        ),
    }


def _keep_showing(panel: TakesPanel, services: Services) -> None:
    """Let the panel show what the services say."""
    document, takes, player = services.document, services.takes, services.player

    def show_takes() -> None:
        panel.show_session(document.session, takes.view, takes.comparison, takes.plan)
        show_playing()

    def show_playing() -> None:
        number = document.session.selected_number
        panel.show_playing(number if player.is_playing else None)

    def show_playhead(ticks: float) -> None:
        arrangement, session = document.arrangement, document.session
        first_ticks = answer_start_ticks(session)
        is_in = player.is_playing and first_ticks <= ticks < arrangement.length_ticks
        timebase = session.timebase
        bar = timebase.bar_at(ticks) - timebase.bar_at(first_ticks) if is_in else None
        panel.show_playhead(ticks - arrangement.solo_start_ticks, bar)

    document.session_changed.connect(lambda _session: show_takes())
    document.opened.connect(lambda _session: panel.give_up_renaming())
    takes.changed.connect(show_takes)
    player.state_changed.connect(show_playing)
    player.playhead_moved.connect(show_playhead)
    show_takes()


def add_takes_commands(
    actions: Actions, panel: TakesPanel, services: Services, keymap: Keymap
) -> None:
    """Tie the commands about takes to what they do, and let Enter keep a take wherever it is free.

    Args:
        actions: The window's commands.
        panel: Where the keys of scope "takes" count.
        services: The services.
        keymap: Which keys do what.
    """
    document, takes = services.document, services.takes

    def chosen(act: Callable[[int], object]) -> Callable[[], None]:
        def do() -> None:
            number = document.session.selected_number
            if number is not None:
                act(number)

        return do

    def compare() -> None:
        if takes.comparison is not None:
            takes.swap()
        else:
            services.notices.tell("Press A/B on a card first: then this key switches between two.")

    actions.add("compare", compare)
    actions.add("keep", chosen(takes.star), lane=panel.list)
    actions.add("rename_take", chosen(panel.rename), lane=panel.list)
    actions.add("reject", chosen(takes.reject), lane=panel.list)
    actions["panic"].triggered.connect(takes.end_comparison)
    panel.window().installEventFilter(_FreeKey(actions, keymap, panel))


class _FreeKey(QObject):
    """Keeps the chosen take when Enter reaches the window because nothing else has a use for it.

    Args:
        actions: The window's commands.
        keymap: Which key keeps a take.
        panel: Its Qt owner.
    """

    def __init__(self, actions: Actions, keymap: Keymap, panel: TakesPanel) -> None:
        super().__init__(panel)
        self._actions = actions
        self._keymap = keymap

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the key."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if isinstance(QApplication.focusWidget(), (*TYPED_IN, QComboBox)):
            return False
        if self._keymap.command_at(key_of(event), "takes") != "keep":
            return False
        self._actions["keep"].trigger()
        return True
