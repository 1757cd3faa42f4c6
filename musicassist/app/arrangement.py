"""What is drawn, heard and exported of a session: one clip after another, drawn to the grid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from musicassist.app.backing import accompaniment_of
from musicassist.engine.protocol import PLAYER_CHANNEL, SOLO_CHANNEL
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.note import ControlPoint, Note
from musicassist.music.session import Session

if TYPE_CHECKING:
    from musicassist.music.accompaniment.accompany import Accompaniment


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The primer, the selected solo and what accompanies them on one time line.

    Attributes:
        primer: The phrase, from tick 0; None before there is one.
        solo: The answer, from its own tick 0; None when none is selected.
        solo_start_ticks: Where the answer begins: the bar line after the primer, or before it by
            the answer's pickup.
        length_ticks: The whole, in full bars; of chords alone where there is nothing else.
        progression: The chords, repeated to the end; None for none.
        primer_indices: For each note of `primer` its index in the session's primer.
        solo_indices: For each note of `solo` its index in the selected solo's clip.
        is_accompanied: Whether there is a backing; every feel plays something in every bar.
        make_backing: Makes the backing when it is first heard; None for none.
    """

    primer: Clip | None = None
    solo: Clip | None = None
    solo_start_ticks: int = 0
    length_ticks: int = 0
    progression: Progression | None = None
    primer_indices: Sequence[int] = ()
    solo_indices: Sequence[int] = ()
    is_accompanied: bool = False
    make_backing: "Callable[[], Accompaniment] | None" = field(
        default=None, compare=False, repr=False
    )

    @property
    def backing(self) -> "Accompaniment | None":
        """Chords, bass and drums from tick 0 to the end; None where there is none."""
        return self.make_backing() if self.make_backing is not None else None

    @property
    def is_audible(self) -> bool:
        """Whether `heard_clip` has notes, told without making it."""
        return self.is_accompanied or any(each and each.notes for each in (self.primer, self.solo))

    @property
    def heard_length_ticks(self) -> int:
        """How long `heard_clip` is, told without making it."""
        if self.solo is not None:
            lead_ticks = self.solo_start_ticks + self.solo.length_ticks
        else:
            lead_ticks = self.primer.length_ticks if self.primer is not None else 0
        return max(lead_ticks, self.length_ticks) if self.is_accompanied else lead_ticks

    @property
    def heard_clip(self) -> Clip:
        """Everything as one clip, each part on the channel of its voice."""
        lead = self._lead
        backing = self.backing
        if backing is None or not backing.tracks:
            return lead
        notes = lead.notes + tuple(note for track in backing.tracks for note in track.notes)
        return replace(lead, notes=notes, length_ticks=max(lead.length_ticks, self.length_ticks))

    @property
    def _lead(self) -> Clip:
        """Primer and solo as one clip."""
        primer = _heard(self.primer or Clip(), PLAYER_CHANNEL, 0)
        if self.solo is None:
            return primer
        solo = _heard(self.solo, SOLO_CHANNEL, self.solo_start_ticks)
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
    if not length_ticks and progression is not None:
        length_ticks = session.timebase.next_bar_line_ticks(progression.length_ticks)
    if progression is not None and 0 < progression.length_ticks < length_ticks:
        progression = progression.looped_to(length_ticks)
    solo_ticks = answer_start_ticks(session) if solo is not None else 0
    return Arrangement(
        primer,
        solo,
        start_ticks,
        length_ticks,
        progression,
        primer_indices,
        solo_indices,
        session.backing.is_on and length_ticks > 0,
        partial(accompaniment_of, session, length_ticks, solo_ticks),
    )


def answer_start_ticks(session: Session) -> int:
    """Return where an answer's first bar line is: at the end of the primer's last bar."""
    if session.primer is None:
        return 0
    return session.timebase.next_bar_line_ticks(session.primer.length_ticks)


def _heard(clip: Clip, channel: int, start_ticks: int) -> Clip:
    """Return a clip on the channel of its voice, after a rest.

    Written out, because `replace` takes three times as long, and this is done at every step.
    """
    return Clip(
        tuple(
            Note(
                note.onset_ticks + start_ticks,
                note.duration_ticks,
                note.pitch,
                note.velocity,
                channel,
            )
            for note in clip.notes
        ),
        clip.length_ticks + start_ticks,
        tuple(
            ControlPoint(point.onset_ticks + start_ticks, point.controller, point.value, channel)
            for point in clip.controls
        ),
        clip.name,
    )
