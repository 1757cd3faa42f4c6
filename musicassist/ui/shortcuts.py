"""Every command of the window, in words and with its keys; Ableton Live's where it has one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

Scope = Literal["window", "roll", "chords", "takes"]
"""Where keys count: in the whole window, or only while the focus is in that lane."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the window can do.

    Attributes:
        title: What it does, as menus and the sheet of shortcuts say it.
        group: Under which heading the sheet lists it.
        keys: The keys it comes with, the one that is shown first; may be none.
        scope: Where these keys count. In a lane, they go before those of the window.
        repeats: Whether holding the key does it again and again.
    """

    title: str
    group: str
    keys: tuple[str, ...] = ()
    scope: Scope = "window"
    repeats: bool = False


_PLAYING: Final = "Playing and recording"
_SOLO: Final = "Phrase and takes"
_EDIT: Final = "Editing"
_SESSION: Final = "Sessions"
_CHORDS: Final = "Chords (while a chord is chosen)"
_VIEW: Final = "Window"
_NOTES: Final = "Notes, in the piano roll"
_ROLL: Final = "Piano roll"


def _note(title: str, *keys: str, repeats: bool = False, group: str = _NOTES) -> Command:
    return Command(title, group, keys, "roll", repeats)


COMMANDS: Final[dict[str, Command]] = {
    "play": Command("Play or stop", _PLAYING, ("Space",)),
    "play_on": Command("Play on from where it stopped", _PLAYING, ("Shift+Space",)),
    "home": Command("Go to the start", _PLAYING, ("Home",)),
    "record": Command("Record", _PLAYING, ("F9", "R")),
    "loop": Command("Loop", _PLAYING, ("Ctrl+L",)),
    "metronome": Command("Metronome", _PLAYING, ("O",)),
    "tap": Command("Tap the tempo", _PLAYING, ("Shift+T",)),
    "tempo_up": Command("A little faster", _PLAYING, ("Alt+Up",), repeats=True),
    "tempo_down": Command("A little slower", _PLAYING, ("Alt+Down",), repeats=True),
    "backing": Command("Accompaniment on or off", _PLAYING, ("Alt+B",)),
    "next_feel": Command("Next feel of the accompaniment", _PLAYING, ("Alt+Shift+B",)),
    "other_fills": Command("Other fills in the drums", _PLAYING),
    "panic": Command("Silence everything", _PLAYING, ("Esc",)),
    "computer_keyboard": Command("Play with the computer's keys", _PLAYING, ("M",)),
    "grab": Command("Grab what was just played", _SOLO, ("Ctrl+Shift+C",)),
    "continue": Command("Continue the phrase", _SOLO, ("Ctrl+Return", "Ctrl+Enter")),
    "audition": Command("Audition the take", _SOLO, ("T",)),
    "compare": Command("Hear the other of two compared takes", _SOLO, ("Y",)),
    "keep": Command("Keep the take: star it", _SOLO, ("Return", "Enter"), "takes"),
    "rename_take": Command("Rename the take", _SOLO, ("F2",), "takes"),
    "reject": Command("Reject the take", _SOLO, ("Del", "Backspace"), "takes"),
    "previous_take": Command("Previous take", _SOLO, ("Ctrl+Up",)),
    "next_take": Command("Next take", _SOLO, ("Ctrl+Down",)),
    "export": Command("Save the take as a file", _SOLO, ("Ctrl+Shift+E",)),
    "undo": Command("Undo", _EDIT, ("Ctrl+Z",), repeats=True),
    "redo": Command("Redo", _EDIT, ("Ctrl+Y", "Ctrl+Shift+Z"), repeats=True),
    "new": Command("New session", _SESSION, ("Ctrl+N",)),
    "open_file": Command("Open a session or music\u2026", _SESSION, ("Ctrl+O",)),
    "sessions": Command("Sessions", _SESSION, ("Ctrl+Shift+O",)),
    "duplicate_session": Command("Go on in a copy", _SESSION, ("Ctrl+Shift+S",)),
    "rename_session": Command("Rename the session", _SESSION),
    "show_session_file": Command("Show its folder", _SESSION),
    "remove_session": Command("Remove the session", _SESSION),
    "chord_next": Command("Next chord", _CHORDS, ("Right",), "chords", repeats=True),
    "chord_previous": Command("Previous chord", _CHORDS, ("Left",), "chords", repeats=True),
    "chord_further": Command("Choose further", _CHORDS, ("Shift+Right",), "chords", repeats=True),
    "chord_back": Command("Choose further back", _CHORDS, ("Shift+Left",), "chords", repeats=True),
    "chord_all": Command("Choose all chords", _CHORDS, ("Ctrl+A",), "chords"),
    "chord_palette": Command("Choose from the chords of the key…", _CHORDS, ("Down",), "chords"),
    "chord_type": Command("Type this chord", _CHORDS, ("F2",), "chords"),
    "chord_line": Command("Type all chords…", _CHORDS, ("Return", "Enter"), "chords"),
    "chord_cut": Command("Cut", _CHORDS, ("Ctrl+X",), "chords"),
    "chord_copy": Command("Copy", _CHORDS, ("Ctrl+C",), "chords"),
    "chord_paste": Command("Paste", _CHORDS, ("Ctrl+V",), "chords"),
    "chord_duplicate": Command("Duplicate", _CHORDS, ("Ctrl+D",), "chords"),
    "chord_clear": Command("Clear", _CHORDS, ("Del", "Backspace"), "chords"),
    "chord_remove": Command("Remove these bars", _CHORDS, ("Shift+Del",), "chords"),
    "chord_up": Command("A semitone up", _CHORDS, ("Shift+Up",), "chords", repeats=True),
    "chord_down": Command("A semitone down", _CHORDS, ("Shift+Down",), "chords", repeats=True),
    "chord_presets": Command("Progressions…", _CHORDS, (), "chords"),
    "chord_find": Command("Find chords in my phrase", _CHORDS, (), "chords"),
    "chord_keep": Command("Use the chords heard", _CHORDS, (), "chords"),
    "show_all": Command("Show everything", _VIEW, ("Ctrl+0",)),
    "zoom_in": Command("Zoom in", _VIEW, ("Ctrl++", "Ctrl+="), repeats=True),
    "zoom_out": Command("Zoom out", _VIEW, ("Ctrl+-",), repeats=True),
    "devices": Command("Devices and settings", _VIEW, ("Ctrl+,",)),
    "help": Command("Help on what the pointer is over", _VIEW, ("F1",)),
    "shortcuts": Command("Shortcuts", _VIEW, ("Ctrl+/", "Ctrl+?")),
    "first_steps": Command("First steps", _VIEW),
    "theme": Command("Dark or light", _VIEW),
    "text_larger": Command("Larger text", _VIEW, ("Ctrl+Alt++", "Ctrl+Alt+=")),
    "text_smaller": Command("Smaller text", _VIEW, ("Ctrl+Alt+-",)),
    "reset_layout": Command("Panels where they came", _VIEW),
    "notes_left": _note("Move earlier; choose a note", "Left", repeats=True),
    "notes_right": _note("Move later; choose a note", "Right", repeats=True),
    "notes_up": _note("A semitone up", "Up", repeats=True),
    "notes_down": _note("A semitone down", "Down", repeats=True),
    "notes_octave_up": _note("An octave up", "Shift+Up"),
    "notes_octave_down": _note("An octave down", "Shift+Down"),
    "notes_nudge_left": _note("A little earlier", "Alt+Left", repeats=True),
    "notes_nudge_right": _note("A little later", "Alt+Right", repeats=True),
    "notes_step_up": _note("A step of the key up", "Alt+Up", repeats=True),
    "notes_step_down": _note("A step of the key down", "Alt+Down", repeats=True),
    "notes_longer": _note("Longer", "Shift+Right", repeats=True),
    "notes_shorter": _note("Shorter", "Shift+Left", repeats=True),
    "notes_louder": _note("Louder", "Ctrl+Up", repeats=True),
    "notes_softer": _note("Softer", "Ctrl+Down", repeats=True),
    "notes_cut": _note("Cut", "Ctrl+X"),
    "notes_copy": _note("Copy", "Ctrl+C"),
    "notes_paste": _note("Paste at the playhead", "Ctrl+V"),
    "notes_duplicate": _note("Duplicate", "Ctrl+D"),
    "notes_erase": _note("Erase", "Del", "Backspace"),
    "notes_split": _note("Split", "Ctrl+E"),
    "notes_join": _note("Join", "Ctrl+J"),
    "notes_quantize": _note("Quantize to the grid", "Ctrl+U"),
    "note_insert": _note("Draw a note at the playhead", "Ins"),
    "notes_all": _note("Choose all", "Ctrl+A"),
    "notes_pitch": _note("Choose all of this pitch", "Ctrl+Shift+A"),
    "notes_next": _note("Choose the next note", "Ctrl+Right", repeats=True),
    "notes_previous": _note("Choose the note before", "Ctrl+Left", repeats=True),
    "notes_next_too": _note("Choose the next note too", "Ctrl+Shift+Right", repeats=True),
    "notes_previous_too": _note("Choose the note before too", "Ctrl+Shift+Left", repeats=True),
    "regenerate_bars": _note("Regenerate the bars of these notes", "Shift+R"),
    "restore_solo": _note("Solo as it was made"),
    "draw_mode": _note("Draw with every click", "B", group=_ROLL),
    "highlight_scale": _note("Highlight the key", "K", group=_ROLL),
    "colour_by_function": _note("Colour notes by their part in the chord", "Shift+K", group=_ROLL),
    "follow_playhead": _note("Follow the playhead", "F", group=_ROLL),
    "adaptive_grid": _note("Grid as fine as can be seen", "Ctrl+5", group=_ROLL),
    "ghost_takes": _note("Other takes, faintly", "G", group=_ROLL),
    "ghost_phrase": _note("The phrase under the solo, faintly", "Shift+G", group=_ROLL),
    "zoom_selection": _note("Zoom to what is chosen", "Z", group=_ROLL),
    "zoom_back": _note("Zoom back", "X", group=_ROLL),
}


class Keymap(QObject):
    """Which keys do what: those the commands came with, and the user's own.

    `changed` comes when some keys do something else.

    Args:
        own: The user's keys by name of the command; names nobody knows are passed over, and of
            two commands of one scope the first has a key.

    Thread: GUI.
    """

    changed = Signal()

    def __init__(self, own: Mapping[str, Iterable[str]] | None = None) -> None:
        super().__init__()
        self._own: dict[str, tuple[str, ...]] = {}
        for name, keys in (own or {}).items():
            if name in COMMANDS:
                taken = self._taken_in(COMMANDS[name].scope)
                self._own[name] = tuple(key for key in _written(keys) if key not in taken)

    @property
    def own(self) -> dict[str, tuple[str, ...]]:
        """The keys that are the user's own, by name of the command."""
        return dict(self._own)

    def keys_of(self, name: str) -> tuple[str, ...]:
        """Return the keys of a command, the one that is shown first.

        What it came with goes to whom the user has given it.
        """
        if name in self._own:
            return self._own[name]
        taken = self._taken_in(COMMANDS[name].scope)
        return tuple(key for key in COMMANDS[name].keys if key not in taken)

    def shown(self, name: str) -> str:
        """Return a command's first key as this system writes it; empty for none."""
        keys = self.keys_of(name)
        return shown_key(keys[0]) if keys else ""

    def is_own(self, name: str) -> bool:
        """Whether a command has other keys than it came with."""
        return name in self._own

    def command_at(self, key: QKeySequence, scope: Scope = "window") -> str | None:
        """Return the command that a key does in a scope, or None."""
        text = key.toString()
        if not text:
            return None
        here = (name for name, each in COMMANDS.items() if each.scope == scope)
        return next((name for name in here if text in self.keys_of(name)), None)

    def bind(self, name: str, key: QKeySequence) -> str | None:
        """Let one key do a command; whoever had it in that scope loses it.

        Returns:
            The command that lost it, or None.
        """
        loser = self.command_at(key, COMMANDS[name].scope)
        if loser == name:
            loser = None
        if loser is not None:
            left = tuple(each for each in self.keys_of(loser) if each != key.toString())
            self._set(loser, left)
        self._set(name, _written((key.toString(),)))
        self.changed.emit()
        return loser

    def reset(self, name: str | None = None) -> None:
        """Give a command, or all of them, the keys they came with; nobody else may have those."""
        for each in [name] if name is not None else list(self._own):
            self._own.pop(each, None)
            for key in COMMANDS[each].keys:
                for other in [other for other in self._own if other != each]:
                    is_near = COMMANDS[other].scope == COMMANDS[each].scope
                    if name is not None and is_near and key in self._own[other]:
                        self._set(other, tuple(k for k in self._own[other] if k != key))
        self.changed.emit()

    def _taken_in(self, scope: Scope) -> frozenset[str]:
        """Return the keys that are the user's own in a scope."""
        own = (keys for name, keys in self._own.items() if COMMANDS[name].scope == scope)
        return frozenset(key for keys in own for key in keys)

    def _set(self, name: str, keys: tuple[str, ...]) -> None:
        if keys == COMMANDS[name].keys:
            self._own.pop(name, None)
        else:
            self._own[name] = keys


def key_of(event: QKeyEvent) -> QKeySequence:
    """Return the key of an event; where on the keyboard it is does not matter.

    On macOS arrows count as the keypad.
    """
    keypad = Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(event.modifiers() & ~keypad, Qt.Key(event.key())))


def shown_key(key: str) -> str:
    """Return a key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _written(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys in the one way Qt writes them; what is no key is left out."""
    written = (QKeySequence(key).toString() for key in keys)
    return tuple(dict.fromkeys(each for each in written if each))
