"""Everything that can be done with a solo, as a menu."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from musicassist.music.session import NumberedSolo
from musicassist.ui.shortcuts import Keymap

Act = Callable[[str], None]

_ALONE: Final = "Choose another solo first, then compare this one with it."


def take_menu(
    parent: QWidget, numbered: NumberedSolo, act: Act, keymap: Keymap, *, can_compare: bool
) -> QMenu:
    """Return a menu about a solo, which goes when it is closed.

    Args:
        parent: Its Qt owner.
        numbered: What it is about.
        act: Does the deed chosen.
        keymap: Which keys do the same.
        can_compare: Whether there is another chosen solo to compare it with.
    """
    menu = QMenu(parent)
    menu.setObjectName("take_menu")
    menu.setAccessibleName(f"{numbered.name}: what to do")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)

    def add(words: str, deed: str, command: str = "", *, reason: str = "") -> None:
        keys = keymap.shown(command) if command else ""
        shown = f"{words}\t{keys}" if keys else words
        action = menu.addAction(shown)
        action.setObjectName(deed)
        action.setEnabled(not reason)
        action.setToolTip(reason)
        action.triggered.connect(lambda: act(deed))

    if numbered.is_rejected:
        add("Bring back", "bring_back")
        add("Audition", "audition")
        menu.addSeparator()
        add("Remove for good", "remove")
        return menu
    add("Audition", "audition", "audition")
    add("Compare with the chosen solo", "compare", reason="" if can_compare else _ALONE)
    add("Show in the piano roll", "show")
    menu.addSeparator()
    add("Take the star away" if numbered.is_starred else "Star", "star", "keep")
    add("Rename", "rename", "rename_take")
    add("Reject", "reject", "reject")
    menu.addSeparator()
    add("Vary it, staying near", "vary_near")
    add("Vary it, going far", "vary_far")
    add("Make more with its settings", "again")
    add("Use its settings for the next solos", "use_wishes")
    if numbered.is_edited:
        add("As it was made", "restore")
    add("Copy its seed", "copy_seed")
    menu.addSeparator()
    add("Save as …", "save", "export")
    add("Remove for good", "remove")
    return menu
