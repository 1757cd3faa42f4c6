"""The commands of the piano roll: what its keys and its context menu do."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu

from musicassist.app.bootstrap import Services
from musicassist.app.drawn_notes import SOLO
from musicassist.music.keys import Key
from musicassist.music.quantize import GRIDS
from musicassist.ui.actions import Actions
from musicassist.ui.shortcuts import Keymap, key_of
from musicassist.ui.timeline import Timeline

NUDGE_TICKS: Final = 10  # about 10 ms at 120 BPM
_VELOCITY_STEP: Final = 5
_FIRST_PITCH: Final = 60  # of a note drawn by a key where nothing is chosen
_UNCHOSEN: Final = "Choose notes first: click one, or press the right arrow key."
_UNEDITED: Final = "No solo is shown whose notes have been edited."

_LENGTHS: Final = ("1/1", "1/2", "1/4", "1/8", "1/16", "1/32")
_MOVES: Final = (
    "notes_left",
    "notes_right",
    "notes_nudge_left",
    "notes_nudge_right",
    "",
    "notes_up",
    "notes_down",
    "notes_step_up",
    "notes_step_down",
    "notes_octave_up",
    "notes_octave_down",
)
_CHOICES: Final = (
    "notes_all",
    "notes_pitch",
    "",
    "notes_next",
    "notes_previous",
    "notes_next_too",
    "notes_previous_too",
)
_SHOWN: Final = (
    "highlight_scale",
    "colour_by_function",
    "ghost_takes",
    "ghost_phrase",
    "",
    "follow_playhead",
    "adaptive_grid",
    "",
    "zoom_selection",
    "zoom_back",
)


class RollCommands(QObject):
    """Ties the piano roll's commands to what they do.

    Keys count while the roll has the focus, and those that need chosen notes only while there are
    some; otherwise they are the window's. `switched` comes with the name of a command that has been
    put on or off.

    Args:
        timeline: Whose roll.
        actions: Where the commands are added.
        keymap: Which keys do what.
    """

    switched = Signal(str, bool)

    def __init__(self, timeline: Timeline, actions: Actions, keymap: Keymap) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self._roll = timeline.roll
        self._notes = timeline.notes
        self._actions = actions
        self._keymap = keymap
        self._n_presses = 0
        self._menu_ticks = 0.0
        self._with_notes = self._add_edits()
        self._add_choices()
        self._switches = self._add_switches()
        self._roll.keys = self
        self._roll.menu_wanted.connect(self._open_menu)
        self._notes.selection_changed.connect(self._show_state)
        self._notes.changed.connect(self._show_state)
        self._show_state()

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is the roll's now."""
        return self._action_at(event) is not None

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; one held down takes one step only."""
        action = self._action_at(event)
        if action is None:
            return False
        if not event.isAutoRepeat():
            self._n_presses += 1
            self._notes.repeat(f"{action.objectName()} {self._n_presses}")
        elif not action.autoRepeat():
            return True
        action.trigger()
        self._roll.reveal_selection()
        return True

    def release(self, event: QKeyEvent) -> None:
        """End the step of a held key."""
        if not event.isAutoRepeat():
            self._notes.repeat("")

    def menu(self, ticks: float) -> QMenu:
        """Return the context menu for a place of the time line; the caller shows it."""
        menu = QMenu(self._roll)
        menu.setObjectName("roll_menu")
        menu.setAccessibleName("Notes")
        menu.setToolTipsVisible(True)
        fill = self._actions.fill
        fill(menu, ("notes_cut", "notes_copy", "notes_paste"))
        self._offer(menu, "Paste here", lambda: self._notes.paste(self._roll.snap.snapped(ticks)))
        fill(menu, ("notes_duplicate", "notes_erase", "", "notes_split"))
        split = self._offer(menu, "Split here", lambda: self._notes.split(round(ticks)))
        self._enable_with_notes(split)
        fill(menu, ("notes_join", "notes_quantize", "note_insert", ""))
        fill(self._part(menu, "Choose"), _CHOICES)
        fill(self._part(menu, "Move"), _MOVES)
        self._fill_lengths(self._part(menu, "Length"))
        fill(self._part(menu, "Velocity"), ("notes_louder", "notes_softer"))
        fill(menu, ("", "regenerate_bars", "restore_solo", "", "draw_mode"))
        fill(self._part(menu, "Show"), _SHOWN)
        return menu

    def _add_edits(self) -> tuple[QAction, ...]:
        """Add what is done to chosen notes; the commands that need some."""
        notes = self._notes
        needing: dict[str, Callable[[], object]] = {
            "notes_octave_up": lambda: notes.transpose(12),
            "notes_octave_down": lambda: notes.transpose(-12),
            "notes_nudge_left": lambda: notes.nudge(-NUDGE_TICKS),
            "notes_nudge_right": lambda: notes.nudge(NUDGE_TICKS),
            "notes_step_up": lambda: notes.transpose(self._key_step(1)),
            "notes_step_down": lambda: notes.transpose(self._key_step(-1)),
            "notes_longer": lambda: notes.stretch(self._step_ticks),
            "notes_shorter": self._shorten,
            "notes_louder": lambda: notes.nudge_velocity(_VELOCITY_STEP),
            "notes_softer": lambda: notes.nudge_velocity(-_VELOCITY_STEP),
            "notes_cut": notes.cut,
            "notes_copy": notes.copy,
            "notes_duplicate": notes.duplicate,
            "notes_erase": notes.erase,
            "notes_split": self._split,
            "notes_join": notes.join,
            "notes_quantize": notes.quantize_selection,
            "notes_pitch": self._choose_pitch,
            "regenerate_bars": self._regenerate,
        }
        return tuple(self._add(name, act) for name, act in needing.items())

    def _add_choices(self) -> None:
        notes = self._notes
        for name, act in {
            "notes_left": lambda: self._step_or_move(-1),
            "notes_right": lambda: self._step_or_move(1),
            "notes_up": lambda: self._scroll_or_transpose(1),
            "notes_down": lambda: self._scroll_or_transpose(-1),
            "notes_paste": lambda: notes.paste(self._playhead_ticks),
            "note_insert": self._insert,
            "notes_all": notes.select_all,
            "notes_next": lambda: self._choose_neighbour(1),
            "notes_previous": lambda: self._choose_neighbour(-1),
            "notes_next_too": lambda: self._choose_neighbour(1, is_adding=True),
            "notes_previous_too": lambda: self._choose_neighbour(-1, is_adding=True),
            "restore_solo": notes.restore_solo,
            "zoom_selection": self._zoom_to_selection,
            "zoom_back": self._timeline.axis.zoom_back,
        }.items():
            self._add(name, act)

    def _add_switches(self) -> dict[str, tuple[object, str]]:
        """Add what is on or off; each with the attribute it switches."""
        roll = self._roll
        switches: dict[str, tuple[object, str]] = {
            "draw_mode": (roll, "is_drawing"),
            "highlight_scale": (roll, "is_highlighted"),
            "colour_by_function": (roll.colours, "is_by_function"),
            "follow_playhead": (self._timeline, "follows_playhead"),
            "adaptive_grid": (roll, "is_adaptive"),
            "ghost_takes": (roll, "shows_takes"),
            "ghost_phrase": (roll, "shows_phrase"),
        }
        for name in switches:
            self._add(name, lambda name=name: self._switch(name)).setCheckable(True)  # type: ignore[misc]
        return switches

    def _add(self, name: str, act: Callable[[], object]) -> QAction:
        return self._actions.add(name, act, lane=self._roll)

    def _switch(self, name: str) -> None:
        owner, attribute = self._switches[name]
        setattr(owner, attribute, not getattr(owner, attribute))
        self._show_state()
        self._roll.update()
        self.switched.emit(name, bool(getattr(owner, attribute)))

    def show_switches(self, switches: Mapping[str, bool]) -> None:
        """Put commands on or off; those not named stay as they are."""
        for name, is_on in switches.items():
            if name in self._switches:
                setattr(*self._switches[name], is_on)
        self._show_state()
        self._roll.update()

    def _action_at(self, event: QKeyEvent) -> QAction | None:
        if self._roll.pointer.is_dragging:
            return None  # what is dragged must not change under the pointer
        name = self._keymap.command_at(key_of(event), "roll")
        action = self._actions[name] if name is not None else None
        return action if action is not None and action.isEnabled() else None

    def _show_state(self) -> None:
        for action in self._with_notes:
            self._enable_with_notes(action)
        solo = self._notes.session.selected_solo
        restore, is_edited = self._actions["restore_solo"], solo is not None and solo.is_edited
        restore.setEnabled(is_edited)
        restore.setToolTip("" if is_edited else _UNEDITED)
        for name, (owner, attribute) in self._switches.items():
            self._actions[name].setChecked(bool(getattr(owner, attribute)))

    def _enable_with_notes(self, action: QAction) -> None:
        are_chosen = bool(self._notes.n_selected)
        action.setEnabled(are_chosen)
        action.setToolTip("" if are_chosen else _UNCHOSEN)

    def _open_menu(self, place: QPoint, ticks: float) -> None:
        menu = self.menu(ticks)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _offer(self, menu: QMenu, title: str, act: Callable[[], object]) -> QAction:
        action = menu.addAction(title)
        action.triggered.connect(lambda: act())
        return action

    def _fill_lengths(self, menu: QMenu) -> None:
        self._actions.fill(menu, ("notes_longer", "notes_shorter", ""))
        for name in _LENGTHS:
            length_ticks = GRIDS[name].step_ticks
            action = self._offer(menu, name, partial(self._notes.set_length, length_ticks))
            self._enable_with_notes(action)

    def _part(self, menu: QMenu, title: str) -> QMenu:
        part = menu.addMenu(title)
        assert isinstance(part, QMenu)
        part.setToolTipsVisible(True)
        return part

    @property
    def _step_ticks(self) -> int:
        return self._roll.snap.step_ticks

    @property
    def _playhead_ticks(self) -> int:
        return self._roll.snap.snapped(max(0.0, self._roll.playhead_ticks))

    def _step_or_move(self, step: int) -> None:
        if self._notes.selection:
            self._notes.move(step * self._step_ticks, 0)
        else:
            self._choose_neighbour(step)

    def _scroll_or_transpose(self, step: int) -> None:
        if self._notes.selection:
            self._notes.transpose(step)
        else:
            self._roll.move_rows(step)

    def _choose_neighbour(self, step: int, *, is_adding: bool = False) -> None:
        self._notes.select_neighbour(step, self._roll.playhead_ticks, is_adding=is_adding)

    def _choose_pitch(self) -> None:
        self._notes.select_pitch(self._notes.selected_notes()[0].note.pitch)

    def _shorten(self) -> None:
        shortest_ticks = min(each.note.duration_ticks for each in self._notes.selected_notes())
        step_ticks = self._step_ticks
        self._notes.stretch(-(step_ticks if shortest_ticks > step_ticks else shortest_ticks // 2))

    def _split(self) -> None:
        """Split at the playhead where it stands in a chosen note, else in the middle."""
        ticks = self._roll.playhead_ticks
        notes = self._notes.selected_notes()
        is_inside = any(each.onset_ticks < round(ticks) < each.end_ticks for each in notes)
        self._notes.split(ticks if is_inside else None)

    def _insert(self) -> None:
        chosen = self._notes.selected_notes()
        pitch = chosen[-1].note.pitch if chosen else _FIRST_PITCH
        at_ticks = chosen[-1].end_ticks if chosen else self._playhead_ticks
        self._notes.draw(at_ticks, pitch, self._step_ticks)

    def _regenerate(self) -> None:
        if any(ref.part == SOLO for ref in self._notes.selection):
            self._timeline.sweep_selection()
            self._timeline.use_sweep()
        else:
            self._notes.told.emit("Only bars of a solo can be made anew.")

    def _zoom_to_selection(self) -> None:
        notes = self._notes.selected_notes()
        if notes:
            end_ticks = max(each.end_ticks for each in notes)
            self._timeline.axis.zoom_to(notes[0].onset_ticks, end_ticks)
            self._roll.reveal_selection()
        else:
            self._timeline.axis.show_all()

    def _key_step(self, step: int) -> int:
        """Return how many semitones the lowest chosen note is from its neighbour in the key."""
        pitch = min(each.note.pitch for each in self._notes.selected_notes())
        return _semitones_to_neighbour(pitch, step, self._notes.session.key)


def _semitones_to_neighbour(pitch: int, step: int, key: Key | None) -> int:
    if key is None:
        return step
    d_semitones = step
    while (pitch + d_semitones) % 12 not in key.pitch_classes:
        d_semitones += step
    return d_semitones


def connect_roll(
    timeline: Timeline, services: Services, actions: Actions, keymap: Keymap
) -> RollCommands:
    """Tie the piano roll to the services, and add its commands."""
    workbench, document = services.workbench, services.document
    roll = timeline.roll
    roll.key_pressed.connect(
        lambda pitch, velocity: workbench.press_key(pitch, velocity, is_kept=False)
    )
    roll.key_released.connect(lambda pitch: workbench.release_key(pitch, is_kept=False))
    roll.note_touched.connect(services.chords.preview.sound_note)
    services.notes.told.connect(services.notices.tell)

    def regenerate(first_bar: int, n_bars: int) -> None:
        number = document.session.selected_number
        if number is not None:
            workbench.regenerate_bars(number, first_bar, n_bars)

    timeline.regenerate_wanted.connect(regenerate)
    settings = services.settings
    commands = RollCommands(timeline, actions, keymap)
    commands.show_switches(settings.settings.roll_switches)

    def keep(name: str, is_on: bool) -> None:
        if name != "draw_mode":  # one begins by choosing
            settings.change(roll_switches=settings.settings.roll_switches | {name: is_on})

    commands.switched.connect(keep)
    return commands
