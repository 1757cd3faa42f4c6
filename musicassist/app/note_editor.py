"""Editing notes by hand: which are chosen, and what is done to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.chosen_notes import ChosenNotes
from musicassist.app.document import Document
from musicassist.app.drawn_notes import PRIMER, SOLO, NoteRef, with_clip
from musicassist.app.step_notices import StepNotices
from musicassist.music import note_edits
from musicassist.music.clip import Clip
from musicassist.music.note import HIGHEST_DATA, Note
from musicassist.music.note_edits import Edit, Room
from musicassist.music.quantize import GRIDS, Grid
from musicassist.music.take import Take

FIRST_VELOCITY: Final = 90

_Copied = tuple[tuple[int, Note], ...]  # each raw, with where it is from the first of them
_Change = Callable[[Clip, frozenset[int]], Edit]


@dataclass(slots=True)
class _Hold:
    """A movement that goes on: each of its steps starts again from where it began.

    Attributes:
        merge_key: What makes all of it one step.
        name: What the step is called; empty for what is done last.
        clips: Each part's raw clip when it began.
        chosen: What was chosen in them.
        primer_take: The performance the phrase was made of then.
        goes_on: Whether it is one step with the movement before.
        made: What the movement has made of them so far.
    """

    merge_key: str
    name: str
    clips: dict[str, Clip]
    chosen: dict[str, frozenset[int]]
    primer_take: Take | None
    goes_on: bool
    made: dict[str, Clip] = field(default_factory=dict)


class NoteEditor(ChosenNotes):
    """Edits the chosen notes of the phrase and of the selected solo.

    Every edit is one named, undoable step; between `hold` and `let_go` all edits are one, and each
    starts again from the notes as they were held. Edits act on what was played or made: a note
    that is drawn to the grid moves by as much as it is moved by on the screen. The choice follows
    the notes. `told` says why something was not done.

    Args:
        document: Whose notes.
        parent: Its Qt owner.
        steps: Tells what was taken away, with the way back; None tells nobody.

    Thread: GUI.
    """

    told = Signal(str)

    def __init__(
        self,
        document: Document,
        parent: QObject | None = None,
        *,
        steps: StepNotices | None = None,
    ) -> None:
        super().__init__(document, parent)
        self._steps = steps
        self._hold: _Hold | None = None
        self._n_holds = 0
        self._repeat_key = ""
        self._copied: _Copied = ()
        self._velocity = FIRST_VELOCITY

    def hold(self, name: str = "", *, goes_on: bool = False) -> None:
        """Begin a movement: until `let_go`, every edit starts from the notes as they are now.

        Args:
            name: What all of it is called; empty for what is done last.
            goes_on: Make it one step with the movement before.
        """
        if not goes_on:
            self._n_holds += 1
        self._hold = _Hold(
            f"notes {self._n_holds}",
            name,
            {part.name: part.raw for part in self._parts},
            {part.name: self._selection.of(part.name) for part in self._parts},
            self.session.primer_take,
            goes_on,
        )

    def let_go(self) -> None:
        """End a movement; what it came to is one step."""
        self._hold = None

    def give_up(self) -> None:
        """End a movement and leave everything as it was before, before a first one too."""
        hold = self._hold
        if hold is not None and hold.goes_on:
            if self._is_still_held(hold) and self._document.undo_name == hold.name:
                self._document.undo()
        elif hold is not None and hold.made:
            self._enter(
                "Put the notes back",
                {part: Edit(clip, hold.chosen[part]) for part, clip in hold.clips.items()},
            )
        self._hold = None

    def repeat(self, key: str) -> None:
        """Make the edits that follow one step, as those of a key held down; empty ends that."""
        self._repeat_key = key

    def move(self, d_ticks: int, d_semitones: int, *, copy: bool = False) -> None:
        """Move the chosen notes, or copies of them, together as far as there is room."""
        d_ticks, d_semitones = self._room().kept(d_ticks, d_semitones)
        self._edit(
            f"{'Copy' if copy else 'Move'} {self._words}",
            lambda clip, chosen: note_edits.moved(clip, chosen, d_ticks, d_semitones, copies=copy),
        )

    def transpose(self, d_semitones: int) -> None:
        """Move the chosen notes up or down together, or not at all if there is no room."""
        if self._room().kept(0, d_semitones)[1] != d_semitones:
            self.told.emit("No room: a note would leave the keyboard.")
            return
        self._edit(
            f"Transpose {self._words}",
            lambda clip, chosen: note_edits.moved(clip, chosen, 0, d_semitones),
        )

    def nudge(self, d_ticks: int) -> None:
        """Move the chosen notes a little."""
        d_ticks = self._room().kept(d_ticks, 0)[0]
        self._edit(
            f"Nudge {self._words}",
            lambda clip, chosen: note_edits.moved(clip, chosen, d_ticks, 0),
        )

    def stretch(self, d_ticks: int) -> None:
        """Move the ends of the chosen notes."""
        self._edit(
            f"Stretch {self._words}",
            lambda clip, chosen: note_edits.stretched(clip, chosen, d_ticks),
        )

    def stretch_start(self, d_ticks: int) -> None:
        """Move the starts of the chosen notes; they end where they did."""
        self._edit(
            f"Stretch {self._words}",
            lambda clip, chosen: note_edits.start_stretched(clip, chosen, d_ticks),
        )

    def set_length(self, duration_ticks: int) -> None:
        """Make the chosen notes one length."""
        self._edit(
            f"Set the length of {self._words}",
            lambda clip, chosen: note_edits.with_length(clip, chosen, duration_ticks),
        )

    def draw(
        self, at_ticks: int, pitch: int, duration_ticks: int, velocity: int | None = None
    ) -> None:
        """Put a note on the time line and choose it; a phrase with no solo after it grows.

        Args:
            at_ticks: Where on the time line, 0 or later.
            pitch: MIDI pitch 0-127.
            duration_ticks: At least 1.
            velocity: 1-127; None for that of the note chosen or drawn last.
        """
        note = Note(0, duration_ticks, pitch, velocity or self._velocity)
        placed = self._placed([(at_ticks, note)])
        if not placed:
            self.told.emit("The solo ends here.")
            return
        self._velocity = note.velocity
        self._enter_alone(
            "Draw a note", {part: note_edits.added(*each) for part, each in placed.items()}
        )

    def erase(self, refs: Iterable[NoteRef] | None = None) -> int:
        """Take notes away, the chosen ones if none are named; how many."""
        wanted = self._selection.refs if refs is None else frozenset(refs)
        indices = {
            part.name: {ref.index for ref in wanted if ref.part == part.name}
            for part in self._parts
        }
        edits = {
            part.name: note_edits.erased(part.raw, indices[part.name])
            for part in self._parts
            if indices[part.name]
        }
        if edits:
            words = _notes(len(wanted))
            self._say(lambda: self._enter(f"Erase {words}", edits), f"{words} erased.")
        return len(wanted)

    def split(self, at_ticks: float | None = None) -> None:
        """Cut the chosen notes in two, at a place of the time line or else in their middle."""
        places: dict[str, dict[int, int]] = {}
        for drawn in self.selected_notes():
            part = self.part(drawn.ref.part)
            assert part is not None
            raw = part.raw.notes[drawn.ref.index]
            into_ticks = raw.duration_ticks // 2
            if at_ticks is not None:
                into_ticks = round(at_ticks) - drawn.onset_ticks
            if 0 < into_ticks < raw.duration_ticks:
                places.setdefault(part.name, {})[drawn.ref.index] = raw.onset_ticks + into_ticks
        if not places:
            self.told.emit("No chosen note sounds here.")
            return
        self._enter(
            f"Split {self._words}",
            {
                part: note_edits.split(
                    self._raw(part), dict.fromkeys(self._selection.of(part), 0) | cuts
                )
                for part, cuts in places.items()
            },
        )

    def join(self) -> None:
        """Make the chosen notes of each pitch one."""
        notes = self.selected_notes()
        kinds = {(each.ref.part, each.note.pitch, each.note.channel) for each in notes}
        if len(kinds) == len(notes):
            self.told.emit("Choose two or more notes of one pitch to join them.")
            return
        self._edit(f"Join {self._words}", note_edits.joined)

    def duplicate(self) -> None:
        """Put copies of the chosen notes after them, a whole number of grid steps later."""
        notes = self.selected_notes()
        if not notes:
            return
        first_ticks = notes[0].onset_ticks
        step_ticks = self._grid.step_ticks
        n_steps = -((first_ticks - max(each.end_ticks for each in notes)) // step_ticks)
        self._add(f"Duplicate {self._words}", self._taken(), first_ticks + n_steps * step_ticks)

    def set_velocities(self, velocities: Mapping[NoteRef, int]) -> None:
        """Strike notes as hard as is said, chosen or not; velocities are kept to 1-127."""
        edits: dict[str, Edit] = {}
        for part in self._parts:
            wanted = {ref.index: v for ref, v in velocities.items() if ref.part == part.name}
            if wanted:
                edit = note_edits.with_velocities(part.raw, wanted)
                edits[part.name] = Edit(edit.clip, self._selection.of(part.name))
                self._velocity = min(max(1, next(iter(wanted.values()))), HIGHEST_DATA)
        self._enter(f"Change the velocity of {_notes(len(velocities))}", edits)

    def nudge_velocity(self, d_velocity: int) -> None:
        """Strike the chosen notes harder or softer."""
        self.set_velocities(
            {
                NoteRef(part.name, index): part.raw.notes[index].velocity + d_velocity
                for part in self._parts
                for index in self._selection.of(part.name)
            }
        )

    def quantize_selection(self) -> None:
        """Draw the onsets of the chosen notes to the grid for good."""
        grid = self._grid
        edits = {}
        for part in self._parts:
            before_ticks = answer_start_ticks(self.session) - part.raw_start_ticks
            rest_ticks = -before_ticks % (2 * grid.step_ticks) if part.name == SOLO else 0
            chosen = self._selection.of(part.name)
            if chosen:
                edits[part.name] = note_edits.on_grid(part.raw, chosen, grid, rest_ticks)
        self._enter(f"Quantize {self._words}", edits)

    def restore_solo(self) -> None:
        """Give the selected solo back the notes the machine made."""
        session, numbered = self.session, self.session.selected_solo
        if numbered is None or not numbered.is_edited:
            self.told.emit("The solo is as it was made.")
            return
        solos = (each.as_made if each.number == numbered.number else each for each in session.solos)
        restored = replace(session, solos=tuple(solos))
        name = f"Restore {numbered.name} as it was made"
        self._say(
            lambda: self._document.do(name, restored), f"{numbered.name} is as it was made again."
        )

    def copy(self) -> None:
        """Remember the chosen notes for `paste`."""
        if self._selection:
            self._copied = self._taken()

    def cut(self) -> None:
        """Remember the chosen notes for `paste` and take them away."""
        self.copy()
        if self._selection:
            self.erase()

    def paste(self, at_ticks: float) -> None:
        """Put what was copied on the time line and choose it.

        Args:
            at_ticks: Where the first of the notes goes, 0 or later.
        """
        if self._copied:
            self._add(f"Paste {_notes(len(self._copied))}", self._copied, round(at_ticks))
        else:
            self.told.emit("Nothing has been copied yet.")

    def _taken(self) -> _Copied:
        """Return the chosen notes, the first of them at 0."""
        taken = [
            (part.raw_start_ticks + part.raw.notes[index].onset_ticks, part.raw.notes[index])
            for part in self._parts
            for index in self._selection.of(part.name)
        ]
        first_ticks = min(onset_ticks for onset_ticks, _ in taken)
        return tuple((onset_ticks - first_ticks, note) for onset_ticks, note in taken)

    def _add(self, name: str, notes: _Copied, at_ticks: int) -> None:
        placed = self._placed([(at_ticks + onset_ticks, note) for onset_ticks, note in notes])
        n_placed = sum(len(each) for _, each in placed.values())
        if n_placed < len(notes):
            self.told.emit(
                "There is no room for them here."
                if not n_placed
                else f"{_notes(len(notes) - n_placed)} would start after the end: left out."
            )
        self._enter_alone(name, {part: note_edits.added(*each) for part, each in placed.items()})

    def _placed(self, notes: Iterable[tuple[int, Note]]) -> dict[str, tuple[Clip, list[Note]]]:
        """Return the clips that notes of the time line go to; a phrase before no solo grows."""
        session = self.session
        solo, answer_ticks = self.part(SOLO), answer_start_ticks(session)
        placed: dict[str, tuple[Clip, list[Note]]] = {}
        for at_ticks, note in notes:
            is_solo = solo is not None and at_ticks >= answer_ticks
            part = SOLO if is_solo else PRIMER
            start_ticks = solo.raw_start_ticks if solo is not None and is_solo else 0
            clip, inside = placed.get(part, (self._raw(part), []))
            onset_ticks = max(0, at_ticks - start_ticks)
            if onset_ticks >= clip.length_ticks:
                if is_solo:
                    continue
                length_ticks = session.timebase.next_bar_line_ticks(onset_ticks + 1)
                clip = replace(clip, length_ticks=length_ticks)
            inside.append(replace(note, onset_ticks=onset_ticks))
            placed[part] = clip, inside
        return placed

    @property
    def _words(self) -> str:
        return _notes(len(self._selection))

    @property
    def _grid(self) -> Grid:
        return GRIDS[self.session.timing.grid_name]

    def _raw(self, name: str) -> Clip:
        part = self.part(name)
        return part.raw if part is not None else Clip(name="Phrase")

    def _room(self) -> Room:
        rooms = [note_edits.room_of(*each) for each in self._bases().values()]
        return reduce(Room.within, rooms) if rooms else Room(0, 0, 0, 0)

    def _bases(self) -> dict[str, tuple[Clip, frozenset[int]]]:
        """Return what the next edit starts from: each part's clip with chosen notes, and those."""
        hold = self._hold
        if hold is None:
            each = {part.name: (part.raw, self._selection.of(part.name)) for part in self._parts}
        else:
            each = {name: (clip, hold.chosen[name]) for name, clip in hold.clips.items()}
        return {name: (clip, chosen) for name, (clip, chosen) in each.items() if chosen}

    def _edit(self, name: str, change: _Change) -> None:
        self._enter(name, {part: change(*base) for part, base in self._bases().items()})

    def _enter_alone(self, name: str, edits: Mapping[str, Edit]) -> None:
        """Take a step and choose nothing but what it brought."""
        self._enter(name, edits)
        if edits and self._selection.choose_indices(
            {part: edit.chosen for part, edit in edits.items()}
        ):
            self.selection_changed.emit()

    def _enter(self, name: str, edits: Mapping[str, Edit]) -> None:
        """Take a step, part of the movement if one goes on."""
        hold, session = self._hold, self.session
        if hold is not None and not self._is_still_held(hold):
            return  # something else has changed the notes meanwhile
        for part, edit in edits.items():
            before = self._raw(part)
            self._selection.remember(before, self._selection.of(part))
            self._selection.remember(edit.clip, edit.chosen)
            session = with_clip(session, part, edit.clip)
            if hold is not None:
                hold.made[part] = edit.clip
                if part == PRIMER and edit.clip == hold.clips.get(PRIMER):
                    session = replace(session, primer_take=hold.primer_take)
        merge_key = hold.merge_key if hold is not None else self._repeat_key
        self._document.do((hold.name if hold is not None else "") or name, session, merge_key)

    def _say(self, step: Callable[[], None], text: str) -> None:
        """Take a step and tell of it, with the way back."""
        if self._steps is None:
            step()
        else:
            self._steps.take(step, lambda: text)

    def _is_still_held(self, hold: _Hold) -> bool:
        return {part.name: part.raw for part in self._parts} == hold.clips | hold.made


def _notes(n_notes: int) -> str:
    return "1 note" if n_notes == 1 else f"{n_notes} notes"
