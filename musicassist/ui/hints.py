"""What every control is called by screen readers and what its tooltip says: all in one place."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Hint:
    """A control's words.

    Attributes:
        name: What a screen reader says.
        tip: One or two sentences for the tooltip.
        action: The command in `shortcuts.COMMANDS` it does, whose key the tooltip shows; empty for
            none.
    """

    name: str
    tip: str
    action: str = ""


NO_ENGINE: Final = "The sound engine does not run yet; if it stays away, press Play."

HINTS: Final[dict[str, Hint]] = {
    "session_name": Hint("Name of this session", "Click, or press F2, to call it something else."),
    "session_name_field": Hint("Name of this session", "Enter takes the name, Esc leaves it."),
    "sessions_button": Hint("Sessions", "New, recent and other sessions.", "sessions"),
    "home_button": Hint("To the start", "Let playing start at bar 1.", "home"),
    "play_button": Hint("Play", "Hear the phrase and the chosen solo.", "play"),
    "record_button": Hint(
        "Record",
        "Count in and record; while playing, begin and end recording. Your timing stays as it is.",
        "record",
    ),
    "grab_button": Hint(
        "Grab", "Take what you just played as the phrase; nobody has to press record.", "grab"
    ),
    "loop_button": Hint("Loop", "Play the stretch under the violet brace again and again.", "loop"),
    "metronome_button": Hint("Metronome", "Hear the click while playing.", "metronome"),
    "click_options_button": Hint(
        "Click and recording",
        "Bars of click before recording, its accent, and whether recording adds or replaces.",
    ),
    "tap_button": Hint("Tap", "Tap the tempo: three times or more, in time.", "tap"),
    "half_tempo_button": Hint(
        "Half tempo", "Read what you played freely at half the tempo; it sounds the same."
    ),
    "double_tempo_button": Hint(
        "Double tempo", "Read what you played freely at twice the tempo; it sounds the same."
    ),
    "pass_button": Hint("Other pass", "Let another pass of the last recording be the phrase."),
    "devices_button": Hint(
        "Devices", "Choose keyboards, sound output, sounds, volumes and controls.", "devices"
    ),
    "view_button": Hint("View", "Panels, theme, size of text, names of notes, shortcuts."),
    "hide_panel_button": Hint("Hide", "Put this panel away; View brings it back."),
    "shortcut_search": Hint("Search shortcuts", "A word, or a key such as Ctrl+L."),
    "shortcut_keys": Hint("Keys", "Click and press the keys that shall do this."),
    "shortcut_undo": Hint("Keys as they came", "Give this command the keys it came with."),
    "reset_shortcuts_button": Hint(
        "All shortcuts as they came", "Give every command the keys it came with."
    ),
    "tour_next_button": Hint("Next step", "Go on; what you do goes on by itself."),
    "tour_skip_button": Hint("Skip", "Put the first steps away; View brings them back."),
    "undo_button": Hint("Undo", "Take the last step back. Right-click: several at once.", "undo"),
    "redo_button": Hint(
        "Redo", "Do the step taken back last again. Right-click: several at once.", "redo"
    ),
    "bar_readout": Hint("Position", "Bar, count and sixteenth that is heard now."),
    "tempo_field": Hint(
        "Tempo", "Beats a minute. Type it, use the arrow keys, or tap it.", "tempo_up"
    ),
    "meter_field": Hint("Metre", "Counts a bar and the note value counted."),
    "key_field": Hint(
        "Key", "Choose a key or type one, such as Fm or Bb major. Auto finds it in your phrase."
    ),
    "port_lights": Hint("MIDI inputs", "A light shows when a keyboard plays. Click to choose."),
    "latency_readout": Hint(
        "Sound output", "How long a note takes to the loudspeaker. Click to choose."
    ),
    "panic_button": Hint("Panic", "Silence everything at once.", "panic"),
    "devices_tab": Hint("Devices", "Show this part of what is set up."),
    "port_switch": Hint("Listen", "Whether this keyboard is heard and kept."),
    "touch_field": Hint(
        "Touch",
        "How your strength counts: Soft makes a light touch loud, Hard asks for a heavy one.",
    ),
    "velocity_curve": Hint(
        "Velocity curve",
        "Across is how hard you strike, up how hard it counts. Drag to draw your own, or use the "
        "arrow keys.",
    ),
    "octave_field": Hint("Octave", "Moves all keys up or down by octaves."),
    "transpose_field": Hint("Transpose", "Moves all keys up or down by semitones."),
    "learn_button": Hint(
        "Learn", "Press it, then move the knob, button or pad that shall do this."
    ),
    "forget_button": Hint("Forget what was learnt", "The controller does again what it came with."),
    "audio_device_field": Hint(
        "Sound output", "Where the sound goes. A change is a short silence."
    ),
    "block_field": Hint(
        "Buffer",
        "How much sound is made ahead: less answers your keys sooner, more is safer against gaps.",
    ),
    "soundfont_field": Hint(
        "Sound set", "The built-in sounds, or those of a SoundFont, a file of recorded instruments."
    ),
    "player_sound_field": Hint("Your sound", "What you play is heard as this."),
    "solo_sound_field": Hint("Solo's sound", "What the machine made is heard as this."),
    "room_slider": Hint(
        "Room", "How much of a room is heard around everything but the click. It is never exported."
    ),
    "volume_of_all_slider": Hint(
        "Volume of all", "How loud everything is together. The parts stand under the piano roll."
    ),
    "volume_slider": Hint("Volume", "How loud this is. Double-click: as it came."),
    "mute_button": Hint("Mute", "Silence this for now; the volume stays as it is set."),
    "solo_part_button": Hint("Hear alone", "Silence the parts without an S for now."),
    "feel_field": Hint(
        "Feel", "How chords, bass and drums accompany phrase and solo over your chords.", "backing"
    ),
    "midi_output_field": Hint(
        "MIDI output", "What is played back goes here too: to a synthesiser or into your DAW."
    ),
    "sends_live_box": Hint("Send what I play too", "Your keys go to the MIDI output as well."),
    "larger_buffer_button": Hint("Choose a larger buffer", "Go to where the buffer is chosen."),
    "model_field": Hint("Model", "Who continues your phrase."),
    "surprise_slider": Hint(
        "Surprise", "How far the solo goes from what you played. Double-click: as learned."
    ),
    "character_field": Hint(
        "Character",
        "A way of playing to start from: it sets the sliders below, which you may then move.",
    ),
    "density_slider": Hint(
        "Density", "How many notes are played. Double-click or Delete: left to the model."
    ),
    "range_slider": Hint(
        "Range",
        "The lowest and the highest note. Drag a handle, or use Left and Right, with Shift for the "
        "highest, with Ctrl by octaves. Double-click or Delete: as it came.",
    ),
    "leaps_slider": Hint(
        "Steps and leaps",
        "From step to step, or in leaps. Double-click or Delete: left to the model.",
    ),
    "register_slider": Hint(
        "Register", "How high it plays. Double-click or Delete: left to the model."
    ),
    "swing_slider": Hint(
        "Swing",
        "How late the second of two eighths comes. Double-click or Delete: left to the model.",
    ),
    "span_slider": Hint(
        "Span",
        "How far apart its low and high notes lie. Double-click or Delete: left to the model.",
    ),
    "chord_tones_slider": Hint(
        "Chord tones",
        "How much it keeps to the notes of the chords. Double-click or Delete: left to the model.",
    ),
    "rhythmic_variety_slider": Hint(
        "Rhythm",
        "From even notes to ever different ones. Double-click or Delete: left to the model.",
    ),
    "repetition_slider": Hint(
        "Motifs",
        "How much of what was played before returns. Double-click or Delete: left to the model.",
    ),
    "leap_slider": Hint("Widest leap", "No note is further from the next. Double-click: as ever."),
    "more_wishes_button": Hint("More wishes", "Show or fold away the finer wishes."),
    "dice_button": Hint("Another seed", "Throw the dice for a seed."),
    "seed_lock_button": Hint(
        "Keep the seed", "The next Continue has the same seed: only what you change is another."
    ),
    "pickup_box": Hint(
        "Lead-in",
        "Where there is a rest, the solo may begin up to a beat before its first bar: a pickup.",
    ),
    "key_lock_box": Hint(
        "Stay in key", "Only notes of the key and of the chords; off lets the solo wander."
    ),
    "bars_field": Hint("Bars", "How many bars the solo lasts."),
    "takes_field": Hint("Takes", "How many solos are made at once."),
    "seed_field": Hint(
        "Seed",
        "The number a solo starts from: with the same settings it makes the same solos again. It "
        "moves on with every Continue.",
    ),
    "continue_button": Hint("Continue", "Let the model play on from your phrase.", "continue"),
    "grid_field": Hint("Grid", "The note values everything is drawn to."),
    "strength_slider": Hint(
        "Strength",
        "How far notes are drawn to the grid, in what you see, hear and export. What was played "
        "is kept. Double-click: as played.",
    ),
    "ruler": Hint(
        "Bars and loop",
        "Click where playing shall start, drag to mark bars; double-click shows everything. Drag "
        "in the upper edge to loop some bars, with Shift to the beat. Keys: arrows move the loop, "
        "Shift and arrows its end, Delete loops everything, Enter marks its bars.",
    ),
    "chord_strip": Hint(
        "Chords",
        "Click a chord and type another, or double-click to edit it; Alt and double-click, or the "
        "context menu, adds one on a beat. Enter goes on to the next bar, Tab to the next chord. "
        "Drag borders to move them; right-click for everything else.",
    ),
    "chord_field": Hint(
        "Chords", "Bars are divided by |, chords in a bar by spaces, % repeats. Enter takes them."
    ),
    "keep_chords_button": Hint(
        "Use these chords",
        "They were heard in your phrase and follow it: edit a note, and they may change. Use them, "
        "and they are yours and stay.",
    ),
    "chord_entry": Hint(
        "Chord",
        "Type one for the bar chosen, such as Cmaj7, Fm7, Bb7b9, C/E or NC. Enter takes it.",
    ),
    "palette_chord": Hint("Chord", "Put this chord where one is chosen, and go on."),
    "play_chords_button": Hint(
        "Play chords", "Hold a chord on any keyboard: let go, and it stands in the bar chosen."
    ),
    "hear_chords_button": Hint("Hear chords", "Let chords sound softly when they are pointed at."),
    "palette_close_button": Hint("Close the chords", "Put them away; Escape does it too."),
    "palette_tab": Hint("Chords to choose from", "Chords of the key, or whole progressions."),
    "chord_step_button": Hint("Go on by", "What is chosen after a chord: the next bar or beat."),
    "find_chords_button": Hint(
        "Find chords in my phrase", "Let the soloist write down the chords it hears."
    ),
    "type_chords_button": Hint("Type all chords", "Type the whole line: Fm | Db | Eb7 | C7."),
    "preset_search": Hint("Search progressions", "A word of its name or of what it is like."),
    "preset_list": Hint("Progressions", "Choose one; Enter uses it for the whole track."),
    "preset_all_button": Hint("Whole track", "Use this progression instead of all chords."),
    "preset_part_button": Hint(
        "Bars chosen", "Use it for the bars chosen, again and again if they are more."
    ),
    "piano_roll": Hint(
        "Notes",
        "Blue is what you played, orange what the machine made. Click chooses, double-click draws "
        "and erases, drag moves; the edges of a note make it longer or shorter. Right-click shows "
        "all there is. Ctrl and wheel zooms, Shift and wheel moves along.",
    ),
    "sweep_button": Hint(
        "Use the marked bars",
        "Have these bars of the solo made anew, as a solo of its own; bars of the phrase are "
        "looped. Escape unmarks them.",
    ),
    "velocity_lane": Hint(
        "Velocity",
        "How hard every note is struck. Drag a head up or down; drag over empty ground, or with "
        "Alt, to draw a line. Keys: left and right choose a note, up and down move it.",
    ),
    "controller_lane": Hint(
        "Controller",
        "Drag to draw, with Shift a straight line; with Alt erase. Keys: left and right choose a "
        "point, up and down move it, Enter sets one at the playhead, Delete takes it away.",
    ),
    "close_lane_button": Hint("Hide this lane", "What is drawn in it stays and is heard."),
    "lanes_button": Hint("Lanes", "Choose which lanes are shown: velocity, wheels and pedals."),
    "time_scroll": Hint("Scroll along", "Move along the bars."),
    "demo_button": Hint("Load the demo", "Bring a phrase and chords to try things with."),
    "takes_list": Hint(
        "Takes",
        "The solos made so far. Arrows choose one, Enter stars it, F2 names it, Delete rejects it, "
        "a number chooses the solo of that number.",
    ),
    "shows_field": Hint("Which takes", "All solos, those with a star, or the rejected ones."),
    "order_field": Hint("Order of takes", "What the solos are sorted by."),
    "search_field": Hint("Search takes", "Part of a name, of an origin, or a seed."),
    "rejected_button": Hint("Rejected takes", "See what was rejected, and bring it back."),
    "remove_rejected_button": Hint(
        "Remove all for good", "Take all rejected solos out of the session; undo brings them back."
    ),
    "compare_a_button": Hint("A", "Hear the first of the two, from the same place on.", "compare"),
    "compare_b_button": Hint("B", "Hear the second of the two, from the same place on.", "compare"),
    "swap_button": Hint("Other one", "Switch between the two while they play.", "compare"),
    "compare_close_button": Hint("End comparing", "Go on with the one that is heard. Esc, too."),
    "comp_cells": Hint(
        "Comp",
        "A solo of the best bars of several takes. Choose a take, then click bars here, or drag "
        "over several, to take them from it. A right click asks which. Keys: Left and Right choose "
        "the bar, with Shift several; Up and Down, or a solo's number, choose where it comes from.",
    ),
    "new_comp_button": Hint("New comp", "Begin another comp as the chosen solo is."),
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
    "title_field": Hint("Name of the solo", "Any words. Enter takes them, Esc leaves the old."),
    "star_button": Hint("Star", "Keep this solo among the starred ones."),
    "more_button": Hint("More", "Everything that can be done with this solo."),
    "reject_button": Hint("Reject", "Put this solo out of sight; it is not lost."),
    "compare_button": Hint("Compare", "Compare the chosen solo (A) with this one (B)."),
    "bring_back_button": Hint("Bring back", "Show this solo among the others again."),
    "remove_button": Hint("Remove for good", "Take this solo out; undo brings it back."),
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
    widget.setToolTip(hint.tip)


def describe_one_of(widget: QWidget, name: str, which: str, of: str) -> None:
    """Give one of several controls of a kind its object name, accessible name and tooltip.

    Args:
        widget: The control.
        name: Its kind's entry in `HINTS`.
        which: Tells it apart in the object name.
        of: What it belongs to, in words; may be foreign text.
    """
    describe(widget, name)
    widget.setObjectName(f"{name}_{which.replace('_', '-')}")
    widget.setAccessibleName(f"{HINTS[name].name}: {of}")


def enable(widget: QWidget, name: str, *, is_enabled: bool, reason: str) -> None:
    """Enable a control, or disable it and let its tooltip say why."""
    widget.setEnabled(is_enabled)
    widget.setToolTip(HINTS[name].tip if is_enabled else reason)


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
