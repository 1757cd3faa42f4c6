"""Every key the window understands; Ableton Live's where it has one."""

from typing import Final

from PySide6.QtGui import QKeySequence

SHORTCUTS: Final[dict[str, tuple[str, ...]]] = {
    "play": ("Space",),
    "play_on": ("Shift+Space",),
    "continue": ("Ctrl+Return", "Ctrl+Enter"),
    "home": ("Home",),
    "record": ("F9", "R"),
    "grab": ("Ctrl+Shift+C",),
    "loop": ("Ctrl+L",),
    "metronome": ("O",),
    "tap": ("Shift+T",),
    "tempo_up": ("Alt+Up",),
    "tempo_down": ("Alt+Down",),
    "undo": ("Ctrl+Z",),
    "redo": ("Ctrl+Y", "Ctrl+Shift+Z"),
    "audition": ("T",),
    "compare": ("Y",),
    "previous_take": ("Ctrl+Up",),
    "next_take": ("Ctrl+Down",),
    "export": ("Ctrl+Shift+E",),
    "panic": ("Esc",),
    "devices": ("Ctrl+,",),
    "new": ("Ctrl+N",),
    "show_all": ("Ctrl+0",),
    "zoom_in": ("Ctrl++", "Ctrl+="),
    "zoom_out": ("Ctrl+-",),
}


def shown(action: str) -> str:
    """Return an action's first key as this system writes it."""
    return QKeySequence(SHORTCUTS[action][0]).toString(QKeySequence.SequenceFormat.NativeText)
