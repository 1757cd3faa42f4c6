"""Sessions of every kind, for property tests."""

from typing import Any

from hypothesis import strategies as st

from musicassist.music.backing import Backing
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import MODES, Key
from musicassist.music.manner import QUALITIES, Manner
from musicassist.music.mix import Level, Mix
from musicassist.music.note import ControlPoint, Note
from musicassist.music.quantize import GRIDS
from musicassist.music.session import NumberedSolo, Session, Timing, Wishes
from musicassist.music.solo import Solo
from musicassist.music.take import RawEvent, Take
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

BAR_TICKS = 1920
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
SHARES = st.floats(0, 1)

notes = st.builds(
    Note,
    st.integers(0, BAR_TICKS - 1),
    st.integers(1, 10_000),
    st.integers(0, 127),
    st.integers(1, 127),
    st.integers(0, 15),
)
controls = st.builds(
    ControlPoint, st.integers(0, BAR_TICKS), st.integers(0, 129), st.integers(0, 127)
)
clips = st.builds(
    Clip,
    st.lists(notes, max_size=4).map(tuple),
    st.just(BAR_TICKS),
    st.lists(controls, max_size=3).map(tuple),
    TEXTS,
)
events = st.builds(
    RawEvent,
    st.integers(0, 2**62),
    st.integers(0x80, 0xEF),
    st.integers(0, 127),
    st.integers(0, 127),
)


@st.composite
def takes(draw: st.DrawFn) -> Take:
    played = sorted(draw(st.lists(events, max_size=4)), key=lambda event: event.time_ns)
    place = st.floats(-1e9, 1e9)
    places = st.lists(place, min_size=len(played), max_size=len(played)).map(tuple)
    return Take(tuple(played), draw(TEXTS), draw(st.just(()) | places))


solos = st.builds(
    Solo,
    clips,
    TEXTS,
    st.integers(0, 2**32 - 1),
    clips,
    st.dictionaries(
        TEXTS,
        TEXTS
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.booleans(),
        max_size=3,
    ),
    st.integers(0, 480),
)
manners = st.builds(Manner, **{quality: st.none() | SHARES for quality in QUALITIES})
keys = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(MODES)), st.none() | st.booleans())
chords = st.builds(
    ChordSymbol,
    st.integers(0, 11),
    st.lists(st.integers(0, 24), unique=True, max_size=5).map(lambda each: tuple(sorted(each))),
    st.none() | st.integers(0, 11),
    TEXTS,
)


@st.composite
def progressions(draw: st.DrawFn) -> Progression:
    places = sorted(draw(st.sets(st.integers(0, BAR_TICKS - 1), max_size=4)))
    return Progression(tuple((place, draw(chords)) for place in places), BAR_TICKS)


timebases = st.builds(
    lambda beat_us, later_us, meter: Timebase(
        (TempoChange(0, beat_us), TempoChange(480, later_us)), (MeterChange(0, *meter),)
    ),
    st.integers(1, 0xFFFFFF),
    st.integers(1, 0xFFFFFF),
    st.tuples(st.integers(1, 255), st.sampled_from((1, 2, 4, 8, 16))),
)
SESSION_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "timebase": timebases,
    "key": st.none() | keys,
    "progression_text": TEXTS,
    "progression": st.none() | progressions(),
    "primer": st.none() | clips,
    "primer_take": st.none() | takes(),
    "solos": st.lists(st.builds(NumberedSolo, st.integers(1, 99), solos), max_size=3).map(tuple),
    "selected_number": st.none() | st.integers(1, 99),
    "last_number": st.integers(0, 99),
    "timing": st.builds(Timing, st.sampled_from(sorted(GRIDS)), SHARES),
    "wishes": st.builds(
        Wishes,
        st.integers(1, 64),
        st.integers(1, 16),
        st.integers(0, 2**32 - 1),
        SHARES,
        st.booleans(),
        TEXTS,
        TEXTS,
        manners,
        st.booleans(),
        st.integers(1, 48),
        st.integers(0, 60),
        st.integers(72, 127),
    ),
    "backing": st.builds(Backing, TEXTS, st.booleans(), st.integers(0, 2**32 - 1)),
    "mix": st.builds(
        Mix, *[st.builds(Level, st.floats(-90, 12), st.booleans(), st.booleans())] * 6
    ),
}
sessions = st.builds(Session, **SESSION_FIELDS)
