"""What notes are drawn, and which of them are chosen."""

import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from musicassist.app.document import Document
from musicassist.app.drawn_notes import DrawnNote, DrawnPart, NoteRef, drawn_parts
from musicassist.app.note_selection import NoteSelection
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session


class ChosenNotes(QObject):
    """Knows the notes of the phrase and the selected solo, and lets some of them be chosen.

    The choice follows the notes through edits, undo and redo. `selection_changed` comes when it is
    another one, `changed` after every change of what is drawn.

    Args:
        document: Whose notes.
        parent: Its Qt owner.

    Thread: GUI.
    """

    selection_changed = Signal()
    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._selection = NoteSelection()
        self._parts: tuple[DrawnPart, ...] = ()
        self._follow_document()
        document.session_changed.connect(self._follow_document)

    @property
    def session(self) -> Session:
        """What is edited."""
        return self._document.session

    @property
    def parts(self) -> tuple[DrawnPart, ...]:
        """The phrase and the selected solo, as far as there are any."""
        return self._parts

    def part(self, name: str) -> DrawnPart | None:
        """Return one of them."""
        return next((part for part in self._parts if part.name == name), None)

    def drawn_notes(self) -> tuple[DrawnNote, ...]:
        """Return all notes as they are drawn, those of the phrase first."""
        return tuple(
            part.drawn(place) for part in self._parts for place in range(len(part.indices))
        )

    def drawn(self, ref: NoteRef) -> DrawnNote | None:
        """Return a note as it is drawn; None if it is not."""
        part = self.part(ref.part)
        place = part.place_of(ref.index) if part is not None else None
        return part.drawn(place) if part is not None and place is not None else None

    def sounding_between(self, first_ticks: float, last_ticks: float) -> tuple[DrawnNote, ...]:
        """Return the notes that sound anywhere between two ticks of the time line."""
        return tuple(
            drawn
            for part in self._parts
            for drawn in part.sounding_between(first_ticks, last_ticks)
        )

    @property
    def selection(self) -> frozenset[NoteRef]:
        """The chosen notes."""
        return self._selection.refs

    @property
    def n_selected(self) -> int:
        """How many notes are chosen."""
        return len(self._selection)

    def selected_in(self, part: str) -> frozenset[int]:
        """Return the indices of the chosen notes of one part."""
        return self._selection.of(part)

    def selected_notes(self) -> tuple[DrawnNote, ...]:
        """Return the chosen notes as they are drawn, in order of onset."""
        drawn = (self.drawn(ref) for ref in self._selection.refs)
        notes = [each for each in drawn if each is not None]
        return tuple(sorted(notes, key=lambda each: (each.onset_ticks, each.note.pitch)))

    def select(self, refs: Iterable[NoteRef]) -> None:
        """Choose notes and no others."""
        if self._selection.choose(refs):
            self.selection_changed.emit()

    def select_all(self) -> None:
        """Choose every note that is drawn."""
        self._select_where(lambda _part, _note: True)

    def select_pitch(self, pitch: int) -> None:
        """Choose every note of a pitch."""
        self._select_where(lambda _part, note: note.pitch == pitch)

    def select_bars(self, first_bar: int, n_bars: int) -> None:
        """Choose every note that starts in some bars of the time line, counted from 0."""
        timebase = self.session.timebase
        first_ticks = timebase.bar_start_ticks(first_bar)
        end_ticks = timebase.bar_start_ticks(first_bar + n_bars)
        self._select_where(
            lambda part, note: first_ticks <= part.start_ticks + note.onset_ticks < end_ticks
        )

    def clear_selection(self) -> None:
        """Choose nothing."""
        self.select(())

    def place_of(self, drawn: DrawnNote) -> int:
        """Return how many notes come before one, in order of onset, then pitch."""
        onset_ticks, pitch = drawn.onset_ticks, drawn.note.pitch
        return sum(part.n_before(onset_ticks, pitch) for part in self._parts)

    def select_neighbour(self, step: int, from_ticks: float, *, is_adding: bool = False) -> None:
        """Choose the note before or after those chosen, or the first one near a place.

        Args:
            step: 1 for the note after, -1 for the one before.
            from_ticks: Where to begin while nothing is chosen.
            is_adding: Whether what is chosen stays so.
        """
        chosen = self.selected_notes()
        onset_ticks, pitch = math.ceil(from_ticks), -1
        if chosen:
            edge = chosen[-1 if step > 0 else 0]
            onset_ticks, pitch = edge.onset_ticks, edge.note.pitch
        near = []
        for part in self._parts:
            n_before = part.n_before(onset_ticks, pitch, or_there=step > 0)
            place = n_before if step > 0 else n_before - 1
            if 0 <= place < len(part.indices):
                near.append(part.drawn(place))
        if near:
            near.sort(key=lambda each: (each.onset_ticks, each.note.pitch))
            ref = near[0 if step > 0 else -1].ref
            self.select(self.selection | {ref} if is_adding else {ref})

    def knows(self, clip: Clip) -> bool:
        """Whether a raw clip was made by editing, or was edited or chosen from."""
        return self._selection.knows(clip)

    def _select_where(self, is_wanted: Callable[[DrawnPart, Note], bool]) -> None:
        indices = {
            part.name: [
                index
                for index, note in zip(part.indices, part.clip.notes, strict=True)
                if is_wanted(part, note)
            ]
            for part in self._parts
        }
        if self._selection.choose_indices(indices):
            self.selection_changed.emit()

    def _follow_document(self) -> None:
        session = self._document.session
        self._parts = drawn_parts(session, self._document.arrangement)
        is_other = self._selection.follow(self._parts, session.selected_number)
        self.changed.emit()
        if is_other:
            self.selection_changed.emit()
