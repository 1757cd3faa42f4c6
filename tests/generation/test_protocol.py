"""What window and soloist say to each other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import MissingFileError, ModelError
from musicassist.generation.characters import all_characters, settled_by, wishes_of
from musicassist.generation.desk import Failed, Job, Made
from musicassist.generation.protocol import StopWork, decode, encode
from musicassist.generation.regeneration import BarRange
from musicassist.generation.soloist import Harmony, SoloRequest
from musicassist.generation.tasks import ContinuePhrase, Hear, Regenerate, Vary
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import QUALITIES, STYLES, Manner
from musicassist.music.note import MOD_WHEEL, ControlPoint, Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

BAR = 1920
texts = st.text(st.characters(codec="utf-8"), max_size=8)
ids = st.integers(0, 2**31)
lanes = st.sampled_from(["solos", "ear"])
notes = st.builds(
    Note,
    st.integers(0, BAR - 1),
    st.integers(1, 5_000),
    st.integers(0, 127),
    st.integers(1, 127),
    st.integers(0, 15),
)
points = st.builds(ControlPoint, st.integers(0, BAR), st.just(MOD_WHEEL), st.integers(0, 127))
clips = st.builds(
    Clip,
    st.lists(notes, min_size=1, max_size=4).map(tuple),
    st.just(BAR),
    st.lists(points, max_size=2).map(tuple),
    texts,
)
solos = st.builds(
    Solo,
    clips,
    texts,
    st.integers(0, 2**32 - 1),
    clips,
    st.dictionaries(
        texts, texts | st.integers(-(2**53), 2**53) | st.floats(-1, 1) | st.booleans(), max_size=3
    ),
    st.integers(0, 480),
)
requests = st.builds(
    SoloRequest,
    clips,
    st.just(Timebase())
    | st.just(Timebase((TempoChange(0, 500_000), TempoChange(480, 1)), (MeterChange(0, 7, 8),))),
    st.none() | st.just(Key.parse("Fm")),
    st.none() | st.just(parse_progression("Fm | Db/Ab | Eb7(b9) | NC", Timebase())),
    n_bars=st.integers(1, 64),
    n_takes=st.integers(1, 16),
    seed=st.integers(0, 2**32 - 1),
    surprise=st.floats(0, 1),
    scales=st.dictionaries(texts, texts, max_size=2),
    style=st.sampled_from(["", *STYLES]),
    manner=st.builds(Manner, **{each: st.none() | st.floats(0, 1) for each in QUALITIES}),
    follows=st.none() | clips,
    original=st.none() | clips,
    nearness=st.floats(0, 1),
)
tasks = st.one_of(
    st.none(),
    st.builds(ContinuePhrase, requests),
    st.builds(
        Regenerate,
        solos,
        requests,
        st.builds(BarRange, st.integers(0, 9), st.integers(1, 9)),
    ),
    st.builds(Vary, solos, requests, st.floats(0, 1)),
    st.builds(Hear, requests),
)


@given(st.builds(Job, ids, lanes, texts, tasks))
def test_a_job_arrives_as_it_was_given(job: Job) -> None:
    line = encode(job)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == job


@given(ids, lanes, st.lists(solos, max_size=3))
def test_solos_arrive_as_they_were_made_but_for_the_phrase(
    request_id: int, lane: str, made: list[Solo]
) -> None:
    bare = tuple(replace(solo, primer=Clip()) for solo in made)
    sent = Made(request_id, lane, tuple(made))
    assert decode(encode(sent)) == replace(sent, result=bare)


def test_what_was_heard_arrives() -> None:
    harmony = Harmony(Key.parse("Fm"), parse_progression("Fm | C7", Timebase()))
    assert decode(encode(Made(3, "ear", harmony))) == Made(3, "ear", harmony)


@pytest.mark.parametrize("kind", [ModelError, MissingFileError])
def test_an_error_arrives_as_what_it_is(kind: type[ModelError]) -> None:
    arrived = decode(encode(Failed(5, "solos", kind("It is damaged.", "Copy it again."))))
    assert isinstance(arrived, Failed)
    assert type(arrived.error) is kind
    assert str(arrived.error) == "It is damaged. Copy it again."


def test_what_was_stopped_says_no_more_than_that() -> None:
    assert decode(encode(Failed(5, "solos", None))) == Failed(5, "solos", None)
    assert decode(encode(StopWork("ear"))) == StopWork("ear")


def test_a_foreign_name_holds_nothing_up() -> None:
    named = replace(Clip((Note(0, 100, 60),), BAR), name="Lied \udce4")
    job = decode(encode(Job(1, "solos", "solo", ContinuePhrase(SoloRequest(named, Timebase())))))
    assert isinstance(job, Job)
    assert isinstance(job.task, ContinuePhrase)
    assert job.task.request.primer.notes == named.notes


def test_the_wishes_of_every_character_arrive() -> None:
    primer = Clip((Note(0, 100, 60),), BAR)
    for character in all_characters():
        wishes = {**wishes_of(character), **settled_by(character)}
        job = Job(1, "solos", "solo", ContinuePhrase(SoloRequest(primer, Timebase(), **wishes)))
        assert decode(encode(job)) == job


@pytest.mark.parametrize(
    "line",
    [
        b"a library's stray words\n",
        b"\xff\xfe\n",
        b"{}\n",
        b'{"kind":"Nobody","lane":"ear","request_id":1,"body":["a","b"]}\n',
        b'{"kind":"UserCancelled","lane":"ear","request_id":1,"body":["a","b"]}\n',
        b'{"kind":"ContinuePhrase","lane":"solos","request_id":1,"body":{"request":{}}}\n',
        b'{"kind":"ModelError","lane":"solos","request_id":1}\n',
    ],
)
def test_a_line_that_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="soloist protocol"):
        decode(line)
