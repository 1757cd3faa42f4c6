"""Which parts are heard, and how loud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.mix import MIX_PARTS, SILENT_DB, Level, Mix, MixPart

levels = st.builds(Level, st.floats(-60, 0), st.booleans(), st.booleans())
mixes = st.builds(Mix, *[levels] * len(MIX_PARTS))
parts = st.sampled_from(MIX_PARTS)


def test_the_accompaniment_comes_softer_than_phrase_and_solo() -> None:
    heard = {part: Mix().heard_db(part) for part in MIX_PARTS}
    assert heard == {
        **{"phrase": 0.0, "solo": 0.0},
        **{"chords": -6.0, "bass": -6.0, "drums": -6.0, "click": -6.0},
    }


@given(mixes, parts)
def test_a_part_is_as_loud_as_set_or_silent(mix: Mix, part: MixPart) -> None:
    expected = mix.level(part).volume_db if mix.is_heard(part) else SILENT_DB
    assert mix.heard_db(part) == expected


@given(mixes, parts)
def test_a_muted_part_is_silent_even_when_soloed(mix: Mix, part: MixPart) -> None:
    assert mix.with_level(part, is_muted=True).heard_db(part) == SILENT_DB


@given(mixes, st.sampled_from([part for part in MIX_PARTS if part != "click"]))
def test_a_soloed_part_silences_those_that_are_not(mix: Mix, part: MixPart) -> None:
    soloed = mix.with_level(part, is_soloed=True)
    for other in MIX_PARTS:
        is_silenced = other != "click" and not soloed.level(other).is_soloed
        assert soloed.gives_way(other) == is_silenced


@given(mixes, parts, st.floats(-60, 0))
def test_changing_one_part_leaves_the_others(mix: Mix, part: MixPart, volume_db: float) -> None:
    changed = mix.with_level(part, volume_db=volume_db)
    assert changed.level(part).volume_db == volume_db
    assert all(changed.level(each) == mix.level(each) for each in MIX_PARTS if each != part)


def test_a_part_there_is_not_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        Mix().with_level("phrase", loudness=3)
