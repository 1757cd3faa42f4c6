"""Which notes are chosen, and how that choice follows them through edits and undo."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from musicassist.app.drawn_notes import DrawnPart, NoteRef
from musicassist.music.clip import Clip

_MOST_REMEMBERED: Final = 300
_NONE: Final[frozenset[int]] = frozenset()


class NoteSelection:
    """Chosen notes of each part, by their indices in its raw clip.

    What was chosen in a clip is remembered for when undo or redo brings that clip back.

    Thread: GUI.
    """

    def __init__(self) -> None:
        self._chosen: dict[str, frozenset[int]] = {}
        self._clips: dict[str, Clip] = {}
        self._solo_number: int | None = None
        self._remembered: dict[int, tuple[Clip, frozenset[int]]] = {}
        self._refs: frozenset[NoteRef] | None = None

    def __bool__(self) -> bool:
        return any(self._chosen.values())

    def __len__(self) -> int:
        return sum(map(len, self._chosen.values()))

    def __iter__(self) -> Iterator[NoteRef]:
        return iter(self.refs)

    @property
    def refs(self) -> frozenset[NoteRef]:
        """All chosen notes."""
        if self._refs is None:
            self._refs = frozenset(
                NoteRef(part, index) for part, indices in self._chosen.items() for index in indices
            )
        return self._refs

    def of(self, part: str) -> frozenset[int]:
        """Return the chosen notes of one part."""
        return self._chosen.get(part, _NONE)

    def choose(self, refs: Iterable[NoteRef]) -> bool:
        """Choose notes and no others; whether those are other ones than before."""
        indices: dict[str, set[int]] = {}
        for ref in refs:
            indices.setdefault(ref.part, set()).add(ref.index)
        return self.choose_indices(indices)

    def choose_indices(self, indices: Mapping[str, Collection[int]]) -> bool:
        """Choose notes by part and index, and no others; whether those are other ones."""
        chosen = {
            part: frozenset(each for each in indices.get(part, ()) if 0 <= each < len(clip.notes))
            for part, clip in self._clips.items()
        }
        if chosen == self._chosen:
            return False
        for part, clip in self._clips.items():
            self.remember(clip, chosen[part])
        self._chosen, self._refs = chosen, None
        return True

    def remember(self, clip: Clip, chosen: frozenset[int]) -> None:
        """Choose these notes whenever a clip comes."""
        self._remembered.pop(id(clip), None)
        self._remembered[id(clip)] = (clip, chosen)  # the clip is held, so that its id stays its
        if len(self._remembered) > _MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def follow(self, parts: Iterable[DrawnPart], solo_number: int | None) -> bool:
        """Go over to another state of the session; whether the choice has become another."""
        clips = {part.name: part.raw for part in parts}
        chosen = {part: self._chosen_in(part, clip) for part, clip in clips.items()}
        if solo_number != self._solo_number:
            chosen = {part: each if part != "solo" else _NONE for part, each in chosen.items()}
        self._clips, self._solo_number = clips, solo_number
        if chosen == self._chosen:
            return False
        self._chosen, self._refs = chosen, None
        return True

    def knows(self, clip: Clip) -> bool:
        """Whether a clip is one that has been edited, or what it was edited from."""
        return id(clip) in self._remembered

    def _chosen_in(self, part: str, clip: Clip) -> frozenset[int]:
        before, chosen = self._clips.get(part), self.of(part)
        if clip is before:
            return chosen
        if id(clip) in self._remembered:
            return self._remembered[id(clip)][1]
        if before is None or not chosen:
            return _NONE
        kept = {before.notes[index] for index in chosen}
        return frozenset(index for index, note in enumerate(clip.notes) if note in kept)
