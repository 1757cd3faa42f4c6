"""What every control is called by screen readers and what its tooltip says: all in one place."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from musicassist.ui.shortcuts import shown


@dataclass(frozen=True, slots=True)
class Hint:
    """A control's words.

    Attributes:
        name: What a screen reader says.
        tip: One or two sentences for the tooltip.
        action: Its name in `SHORTCUTS`, whose key the tooltip shows; empty for none.
    """

    name: str
    tip: str
    action: str = ""


HINTS: Final[dict[str, Hint]] = {
    "session_name": Hint("Name of this idea", "What you are working on."),
    "home_button": Hint("To the start", "Let playback start at bar 1.", "home"),
    "play_button": Hint("Play", "Hear the phrase and the chosen solo.", "play"),
    "grab_button": Hint(
        "Grab", "Take what you just played as the phrase; nobody has to press record.", "grab"
    ),
    "loop_button": Hint("Loop", "Start again at the end.", "loop"),
    "undo_button": Hint("Undo", "Take the last step back.", "undo"),
    "redo_button": Hint("Redo", "Do the step taken back last again.", "redo"),
    "bar_readout": Hint("Position", "Bar, count and sixteenth that is heard now."),
    "tempo_field": Hint("Tempo", "Beats a minute. Type it, or use the arrow keys."),
    "meter_field": Hint("Metre", "Counts a bar and the note value counted."),
    "key_field": Hint(
        "Key", "Choose a key or type one, such as Fm or Bb major. Auto finds it in your phrase."
    ),
    "port_lights": Hint(
        "MIDI inputs", "Every keyboard found is listened to; a light shows when one plays."
    ),
    "latency_readout": Hint("Sound output", "How long a note takes to the loudspeaker."),
    "theme_button": Hint("Dark or light", "Switch between the dark and the light window."),
    "panic_button": Hint("Panic", "Silence everything at once.", "panic"),
    "model_field": Hint("Model", "Who continues your phrase."),
    "surprise_slider": Hint(
        "Surprise", "How far the solo goes from what you played. Double-click: as learned."
    ),
    "key_lock_box": Hint(
        "Stay in key", "Only notes of the key and of the chords; off lets the solo wander."
    ),
    "bars_field": Hint("Bars", "How many bars the solo lasts."),
    "takes_field": Hint("Takes", "How many solos are made at once."),
    "seed_field": Hint(
        "Seed", "The same seed and settings make the same solos. It moves on with every Continue."
    ),
    "continue_button": Hint("Continue", "Let the model play on from your phrase.", "continue"),
    "grid_field": Hint("Grid", "The note values everything is drawn to."),
    "strength_slider": Hint(
        "Strength",
        "How far notes are drawn to the grid, in what you see, hear and export. What was played "
        "is kept. Double-click: as played.",
    ),
    "ruler": Hint("Bars", "Click where playback shall start. Double-click shows everything."),
    "chord_strip": Hint("Chords", "Click, or press Enter, to type the chords: Fm | Db | Eb7 | C7."),
    "chord_field": Hint(
        "Chords", "Bars are divided by |, chords in a bar by spaces, % repeats. Enter takes them."
    ),
    "piano_roll": Hint(
        "Notes",
        "Blue is what you played, orange what the machine made. Ctrl and wheel zooms, Shift and "
        "wheel moves along.",
    ),
    "velocity_lane": Hint("Velocity", "How hard every note is struck."),
    "time_scroll": Hint("Scroll along", "Move along the bars."),
    "demo_button": Hint("Load the demo", "Bring a phrase and chords to try things with."),
    "takes_list": Hint("Takes", "The solos made so far, newest first."),
    "keyboard_strip": Hint(
        "Keyboard", "Play with the mouse, or with the arrow keys and Enter; lower is louder."
    ),
    "notice_action": Hint("Act on the notice", "Do what the message offers."),
    "notice_close": Hint("Close the notice", "Take the message away."),
    "take_card": Hint(
        "Solo", "Click to see this solo after your phrase; while music plays it is heard at once."
    ),
    "audition_button": Hint("Audition", "Hear your phrase, then this solo.", "audition"),
    "drag_handle": Hint(
        "Drag to your DAW", "Hold the mouse here and drag the MIDI file onto a track."
    ),
    "save_button": Hint("Save as", "Save this solo as a MIDI file.", "export"),
    "remove_button": Hint("Remove", "Take this solo away; undo brings it back."),
}


def describe(widget: QWidget, name: str, *, number: int | None = None) -> None:
    """Give a control its object name, accessible name and tooltip.

    Args:
        widget: The control.
        name: Its entry in `HINTS`.
        number: Tells controls of one kind apart, such as those on the cards of solos.
    """
    hint = HINTS[name]
    widget.setObjectName(name if number is None else f"{name}_{number}")
    widget.setAccessibleName(hint.name if number is None else f"{hint.name}: Solo {number}")
    widget.setToolTip(tip_of(name))


def tip_of(name: str) -> str:
    """Return a control's tooltip, its key included."""
    hint = HINTS[name]
    return f"{hint.tip} ({shown(hint.action)})" if hint.action else hint.tip


def enable(widget: QWidget, name: str, *, is_enabled: bool, reason: str) -> None:
    """Enable a control, or disable it and let its tooltip say why."""
    widget.setEnabled(is_enabled)
    widget.setToolTip(tip_of(name) if is_enabled else reason)


def hint_name_of(widget: QWidget) -> str | None:
    """Return a control's entry in `HINTS`, or None for what is no control."""
    name = widget.objectName()
    if name in HINTS:
        return name
    kind = name.rpartition("_")[0]
    return kind if kind in HINTS else None


def plain_tip(text: str) -> str:
    """Return foreign text so that a tooltip cannot take it for rich text."""
    return text.replace("<", "‹").replace(">", "›")
