import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.playing import InputSettings, VelocityCurve

velocities = st.integers(1, 127)
own_curves = st.dictionaries(velocities, velocities, min_size=1, max_size=127).map(
    lambda points: VelocityCurve("own", points=tuple(sorted(points.items())))
)
curves = st.one_of(
    own_curves,
    st.sampled_from([VelocityCurve(kind) for kind in ("soft", "linear", "hard", "fixed")]),
)


@given(curves, velocities)
def test_a_velocity_stays_a_velocity(curve, velocity):
    assert 1 <= curve.apply(velocity) <= 127


@given(velocities, velocities)
def test_harder_is_never_softer(one, other):
    low, high = sorted((one, other))
    for kind in ("soft", "linear", "hard"):
        assert VelocityCurve(kind).apply(low) <= VelocityCurve(kind).apply(high)


def test_each_kind_does_what_it_says():
    assert [VelocityCurve("linear").apply(v) for v in range(1, 128)] == list(range(1, 128))
    for velocity in range(10, 118):
        assert VelocityCurve("soft").apply(velocity) > velocity
        assert VelocityCurve("hard").apply(velocity) < velocity
        assert VelocityCurve("fixed", 77).apply(velocity) == 77
    for kind in ("soft", "hard"):
        assert [VelocityCurve(kind).apply(v) for v in (1, 127)] == [1, 127]


@given(own_curves)
def test_an_own_curve_goes_through_its_points(curve):
    assert all(curve.apply(struck) == heard for struck, heard in curve.points)
    assert curve.apply(1) == curve.points[0][1]
    assert curve.apply(127) == curve.points[-1][1]


def test_between_two_points_the_way_is_straight():
    assert VelocityCurve("own", points=((10, 20), (20, 40))).apply(15) == 30


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "steep"},
        {"fixed_velocity": 0},
        {"kind": "own"},
        {"kind": "own", "points": ((1, 128),)},
        {"kind": "own", "points": ((5, 5), (5, 6))},
        {"kind": "own", "points": ((6, 5), (5, 6))},
    ],
)
def test_a_curve_that_makes_no_sense_is_refused(fields):
    with pytest.raises(ValueError, match=r"velocity curve|velocity is"):
        VelocityCurve(**fields)


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="octave"):
        InputSettings("V49", octave=5)
    with pytest.raises(ValueError, match="semitones"):
        InputSettings("V49", transpose=13)


def test_octave_and_transposition_add_up():
    assert InputSettings("V49", octave=-1, transpose=5).shift == -7


@given(st.builds(InputSettings, st.text(), st.booleans(), curves, st.integers(-4, 4)))
def test_settings_travel_as_json(settings):
    assert msgspec.json.decode(msgspec.json.encode(settings), type=InputSettings) == settings
