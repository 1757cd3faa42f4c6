"""The takes that are not chosen, as they would stand after the phrase."""

from typing import NamedTuple

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.drawn_notes import DrawnPart
from musicassist.music.clip import Clip
from musicassist.music.session import Session

_MOST = 8


class Ghost(NamedTuple):
    """A clip that is drawn faintly.

    Attributes:
        clip: Its notes.
        start_ticks: Where it begins on the time line.
        longest_ticks: Its longest note.
    """

    clip: Clip
    start_ticks: int
    longest_ticks: int


def ghost_of(clip: Clip, start_ticks: int) -> Ghost:
    """Return a clip as a ghost that begins at a place."""
    longest_ticks = max((note.duration_ticks for note in clip.notes), default=0)
    return Ghost(clip, start_ticks, longest_ticks)


def phrase_ghost(phrase: DrawnPart, session: Session) -> Ghost:
    """Return the phrase as a ghost under the answer."""
    return Ghost(phrase.clip, answer_start_ticks(session), phrase.longest_ticks)


class GhostTakes:
    """The newest other takes, drawn to the grid once for every state of the session."""

    def __init__(self) -> None:
        self.is_shown = False
        self.clips: tuple[Ghost, ...] = ()
        self._made_of: object = None

    def follow(self, session: Session) -> None:
        """Show the takes of a session."""
        if not self.is_shown:
            self.clips, self._made_of = (), None
            return
        others = [each for each in session.solos if each.number != session.selected_number]
        made_of = (others, session.timing, session.timebase, answer_start_ticks(session))
        if made_of == self._made_of:
            return
        self._made_of = made_of
        start_ticks = answer_start_ticks(session)
        self.clips = tuple(
            ghost_of(session.timed_solo(each.solo), start_ticks - each.solo.pickup_ticks)
            for each in others[:_MOST]
        )
