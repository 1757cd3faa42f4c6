"""The accompaniment of a session: which chords it follows, and what is played."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from musicassist.app.feels import find_feel
from musicassist.music.backing import Backing
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.session import Session
from musicassist.music.timebase import Timebase

if TYPE_CHECKING:
    from musicassist.music.accompaniment.accompany import Accompaniment

_MOST_KEPT: Final = 4  # going to and fro between takes costs nothing


def accompaniment_of(session: Session, length_ticks: int, solo_ticks: int) -> "Accompaniment":
    """Return what accompanies a session, whether it is switched on or not.

    Args:
        session: Its backing, chords, tempo and metre.
        length_ticks: The end of what is heard.
        solo_ticks: The bar line at which the solo begins; 0 for none.
    """
    return _played(
        followed_chords(session, length_ticks),
        session.timebase,
        length_ticks,
        session.backing,
        (solo_ticks,) if solo_ticks else (),
    )


def followed_chords(session: Session, length_ticks: int) -> Progression | None:
    """Return the chords typed, else those the soloist found for the chosen solo, else None."""
    if session.progression is not None and session.progression.changes:
        return session.progression
    selected = session.selected_solo
    if selected is None or not selected.solo.primer.notes:
        return None
    return _found(selected.solo.primer, session.timebase, session.key, length_ticks)


@lru_cache(maxsize=_MOST_KEPT)
def _played(
    progression: Progression | None,
    timebase: Timebase,
    length_ticks: int,
    backing: Backing,
    sections_ticks: tuple[int, ...],
) -> "Accompaniment":
    from musicassist.music.accompaniment.accompany import accompany  # late: it brings NumPy

    feel = find_feel(backing.feel_id)
    return accompany(progression, timebase, length_ticks, feel, backing.seed, sections_ticks)


@lru_cache(maxsize=_MOST_KEPT)
def _found(primer: Clip, timebase: Timebase, key: Key | None, length_ticks: int) -> Progression:
    """Return what the soloist hears in a phrase; it is asked in the same words."""
    from musicassist.generation.primer_harmony import harmony_of  # late: few sessions need it

    return harmony_of(primer, timebase, key, length_ticks).progression
