"""Intents that move wheels, pedals and other controllers of the phrase and of the chosen solo."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.document import Document
from musicassist.music.clip import Clip
from musicassist.music.control_edits import (
    Stroke,
    controller_name,
    with_drawn,
    with_point,
    without_controller,
    without_points,
)
from musicassist.music.session import NumberedSolo, Session

PRIMER: Final = "primer"
SOLO: Final = "solo"


@dataclass(frozen=True, slots=True)
class ControlPart:
    """A clip whose controllers can be seen and edited.

    Attributes:
        name: `PRIMER`, or `SOLO` for the chosen one.
        clip: As played or made, not drawn to the grid.
        start_ticks: Where it begins on the time line; below 0 where its start is cut.
    """

    name: str
    clip: Clip
    start_ticks: int

    @property
    def end_ticks(self) -> int:
        """Where it ends on the time line."""
        return self.start_ticks + self.clip.length_ticks


def control_parts(session: Session) -> tuple[ControlPart, ...]:
    """Return the clips of a session whose controllers can be edited, the phrase first."""
    parts = []
    if session.primer is not None:
        parts.append(ControlPart(PRIMER, session.primer, 0))
    selected = session.selected_solo
    if selected is not None:
        start_ticks = answer_start_ticks(session) - selected.solo.pickup_ticks
        parts.append(ControlPart(SOLO, selected.solo.clip, start_ticks))
    return tuple(parts)


class ControlEditor:
    """Takes named steps that change controllers; places are ticks from the start of the part.

    Args:
        document: Holds the session.

    Thread: GUI.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def draw(self, part: str, controller: int, stroke: Stroke) -> None:
        """Draw over a controller's line."""
        self._edit("Draw", part, controller, lambda clip: with_drawn(clip, controller, stroke))

    def set_point(self, part: str, controller: int, onset_ticks: int, value: float) -> None:
        """Let a controller take a value at a place; movements at one place are one step."""
        self._edit(
            "Move",
            part,
            controller,
            lambda clip: with_point(clip, controller, onset_ticks, value),
            f"control {part} {controller} {onset_ticks}",
        )

    def erase(self, part: str, controller: int, start_ticks: float, end_ticks: float) -> None:
        """Take a controller's points in [start, end) away."""
        self._edit(
            "Erase",
            part,
            controller,
            lambda clip: without_points(clip, controller, start_ticks, end_ticks),
        )

    def clear(self, controller: int) -> None:
        """Leave a controller at rest in the phrase and in the chosen solo."""
        session = self._document.session
        for part in control_parts(session):
            session = _with_clip(session, part.name, without_controller(part.clip, controller))
        self._document.do(_step_name("Clear", controller), session)

    def _edit(
        self,
        verb: str,
        part: str,
        controller: int,
        edit: Callable[[Clip], Clip],
        merge_key: str = "",
    ) -> None:
        session = self._document.session
        before = next((each.clip for each in control_parts(session) if each.name == part), None)
        if before is None:
            return
        after = _with_clip(session, part, edit(before))
        self._document.do(_step_name(verb, controller), after, merge_key)


def _step_name(verb: str, controller: int) -> str:
    return f"{verb} {controller_name(controller).lower()}"


def _with_clip(session: Session, part: str, clip: Clip) -> Session:
    """Return a session whose phrase or chosen solo has become another clip."""
    if part == PRIMER:
        if clip == session.primer:
            return session
        return replace(session, primer=clip, primer_take=None)
    solos = tuple(
        _edited(each, clip) if each.number == session.selected_number else each
        for each in session.solos
    )
    return replace(session, solos=solos)


def _edited(numbered: NumberedSolo, clip: Clip) -> NumberedSolo:
    return replace(numbered, solo=replace(numbered.solo, clip=clip))
