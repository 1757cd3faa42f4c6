"""What is drawn, heard and exported of a session: one clip after another, drawn to the grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from musicassist.engine.protocol import PLAYER_CHANNEL, SOLO_CHANNEL
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.session import Session
from musicassist.music.solo import moved_later


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The primer and the selected solo on one time line.

    Attributes:
        primer: The phrase, from tick 0; None before there is one.
        solo: The answer, from its own tick 0; None when none is selected.
        solo_start_ticks: Where the answer begins: the bar line after the primer, or before it by
            the answer's pickup.
        length_ticks: The whole, in full bars.
        progression: The chords, repeated to the end; None for none.
        primer_indices: For each note of `primer` its index in the session's primer.
        solo_indices: For each note of `solo` its index in the selected solo's clip.
    """

    primer: Clip | None = None
    solo: Clip | None = None
    solo_start_ticks: int = 0
    length_ticks: int = 0
    progression: Progression | None = None
    primer_indices: Sequence[int] = ()
    solo_indices: Sequence[int] = ()

    @property
    def heard_clip(self) -> Clip:
        """Primer and solo as one clip, each on the channel of its voice."""
        primer = _on_channel(self.primer or Clip(), PLAYER_CHANNEL)
        if self.solo is None:
            return primer
        solo = moved_later(_on_channel(self.solo, SOLO_CHANNEL), self.solo_start_ticks)
        return replace(
            primer,
            notes=primer.notes + solo.notes,
            controls=primer.controls + solo.controls,
            length_ticks=solo.length_ticks,
        )


def arrangement_of(session: Session) -> Arrangement:
    """Lay out what a session has to show."""
    primer: Clip | None = None
    primer_indices: Sequence[int] = ()
    if session.primer is not None:
        primer, primer_indices = session.timed_with_indices(session.primer)
    selected = session.selected_solo
    start_ticks = answer_start_ticks(session)
    solo: Clip | None = None
    solo_indices: Sequence[int] = ()
    length_ticks = start_ticks
    if selected is not None:
        solo, solo_indices = session.timed_solo_with_indices(selected.solo)
        start_ticks -= selected.solo.pickup_ticks
        if start_ticks < 0:  # without a phrase there is nothing for a pickup to stand in
            seen = solo.between(-start_ticks, solo.length_ticks)
            solo_indices = solo_indices[len(solo.notes) - len(seen.notes) :]
            solo, start_ticks = seen, 0
        length_ticks = start_ticks + solo.length_ticks
    progression = session.progression
    if progression is not None and 0 < progression.length_ticks < length_ticks:
        progression = progression.looped_to(length_ticks)
    return Arrangement(
        primer, solo, start_ticks, length_ticks, progression, primer_indices, solo_indices
    )


def answer_start_ticks(session: Session) -> int:
    """Return where an answer's first bar line is: at the end of the primer's last bar."""
    if session.primer is None:
        return 0
    return session.timebase.next_bar_line_ticks(session.primer.length_ticks)


def _on_channel(clip: Clip, channel: int) -> Clip:
    channels = {note.channel for note in clip.notes} | {point.channel for point in clip.controls}
    if channels <= {channel}:
        return clip
    return replace(
        clip,
        notes=tuple(replace(note, channel=channel) for note in clip.notes),
        controls=tuple(replace(point, channel=channel) for point in clip.controls),
    )
