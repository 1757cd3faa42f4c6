"""The last steps by name, to take back or do again several at once."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from musicassist.ui.controls import Button

_MOST_STEPS: Final = 20


def add_step_menu(
    button: Button, names: Callable[[], Sequence[str]], take: Callable[[int], None]
) -> None:
    """Let a right-click, or the menu key, on a button offer the steps behind it.

    Args:
        button: Undo or Redo.
        names: Returns the steps it could take, the next one first.
        take: Takes so many of them.
    """
    button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def offer(place: QPoint) -> None:
        offered = names()[:_MOST_STEPS]
        if not offered:
            return
        menu = QMenu(button)
        menu.setObjectName(f"{button.objectName()}_steps")
        menu.setAccessibleName(button.accessibleName())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, name in enumerate(offered, 1):
            action = menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, number=number: take(number))
        menu.popup(button.mapToGlobal(place))

    button.customContextMenuRequested.connect(offer)
