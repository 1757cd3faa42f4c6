"""Intents that move wheels, pedals and other controllers of the phrase and of the chosen solo."""

from collections.abc import Callable

from musicassist.app.chosen_notes import ChosenNotes
from musicassist.app.document import Document
from musicassist.app.drawn_notes import DrawnPart, with_clip
from musicassist.music.clip import Clip
from musicassist.music.control_edits import (
    Stroke,
    controller_name,
    with_drawn,
    with_point,
    without_controller,
    without_points,
)


class ControlEditor:
    """Takes named steps that change controllers; places are ticks from the start of the raw clip.

    Args:
        document: Holds the session.
        notes: Knows its parts.

    Thread: GUI.
    """

    def __init__(self, document: Document, notes: ChosenNotes) -> None:
        self._document = document
        self._notes = notes

    @property
    def parts(self) -> tuple[DrawnPart, ...]:
        """The phrase and the chosen solo, as far as there are any."""
        return self._notes.parts

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
        for part in self.parts:
            session = with_clip(session, part.name, without_controller(part.raw, controller))
        self._document.do(_step_name("Clear", controller), session)

    def _edit(
        self,
        verb: str,
        part: str,
        controller: int,
        edit: Callable[[Clip], Clip],
        merge_key: str = "",
    ) -> None:
        before = self._notes.part(part)
        if before is None:
            return
        after = with_clip(self._document.session, part, edit(before.raw))
        self._document.do(_step_name(verb, controller), after, merge_key)


def _step_name(verb: str, controller: int) -> str:
    return f"{verb} {controller_name(controller).lower()}"
