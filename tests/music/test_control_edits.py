"""Drawing, erasing and clearing wheels and pedals."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import PEDAL_DOWN, Clip
from musicassist.music.control_edits import (
    EXPRESSION,
    STEP_TICKS,
    Stroke,
    blocks_of,
    controller_name,
    controllers_of,
    highest_value,
    points_of,
    value_at_rest,
    value_before,
    value_in_words,
    with_drawn,
    with_point,
    without_controller,
    without_points,
)
from musicassist.music.note import (
    BEND_CENTRE,
    CHANNEL_PRESSURE,
    HIGHEST_BEND,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
    Note,
)

BAR = 1920
EMPTY = Clip((Note(0, 480, 60, channel=3),), BAR)
CONTROLLERS = (PITCH_BEND, MOD_WHEEL, SUSTAIN, EXPRESSION, CHANNEL_PRESSURE)

controllers = st.sampled_from(CONTROLLERS)
points = controllers.flatmap(
    lambda controller: st.builds(
        ControlPoint,
        st.integers(0, BAR - 1),
        st.just(controller),
        st.integers(0, highest_value(controller)),
        st.integers(0, 1),
    )
)
clips = st.builds(
    Clip,
    st.just((Note(0, 480, 60),)),
    st.just(BAR),
    st.lists(points, max_size=12).map(tuple),
)
places = st.tuples(st.floats(-500, BAR + 500), st.floats(-2000, 20_000))
strokes = st.builds(Stroke, st.lists(places, min_size=1, max_size=6), st.sampled_from([1, 15, 120]))


def is_sound(clip: Clip) -> bool:
    """Return whether a clip's controllers can be played and exported."""
    onsets = [point.onset_ticks for point in clip.controls]
    last = {(p.channel, p.controller): p.value for p in clip.controls}
    is_up = all(value < PEDAL_DOWN for (_, number), value in last.items() if number == SUSTAIN)
    return onsets == sorted(onsets) and all(0 <= each < BAR for each in onsets) and is_up


@given(clips, controllers, strokes)
def test_drawing_keeps_a_clip_sound_and_its_other_controllers(clip, controller, stroke):
    drawn = with_drawn(clip, controller, stroke)
    assert drawn.notes == clip.notes
    if drawn != clip:
        assert is_sound(drawn)
    for other in set(CONTROLLERS) - {controller, SUSTAIN}:
        assert points_of(drawn, other) == points_of(clip, other)


@given(clips, controllers, strokes)
def test_outside_the_stroke_the_line_is_as_it_was(clip, controller, stroke):
    clip = without_points(clip, controller, -1, -1)  # with its pedal up
    drawn = with_drawn(clip, controller, stroke)
    passed = [at_ticks for at_ticks, _ in stroke.places]
    for ticks in range(0, BAR, 97):
        if not min(passed) - stroke.step_ticks <= ticks - 1 <= max(passed) + stroke.step_ticks:
            before = value_before(points_of(clip, controller), ticks, controller)
            after = value_before(points_of(drawn, controller), ticks, controller)
            assert before == after or (controller == SUSTAIN and ticks > BAR - 2)


@given(clips, controllers, st.integers(0, BAR - 1), st.floats(-2000, 20_000))
def test_a_point_is_set_where_it_was_wanted(clip, controller, onset_ticks, value):
    after = with_point(clip, controller, onset_ticks, value)
    assert is_sound(after)
    told = value_before(points_of(after, controller), onset_ticks + 1, controller)
    highest = highest_value(controller)
    if controller == SUSTAIN:
        is_let_up = onset_ticks == BAR - 1
        assert told == (highest if value >= PEDAL_DOWN and not is_let_up else 0)
    else:
        assert told == min(max(round(value), 0), highest)


@given(clips, controllers, st.integers(0, BAR), st.integers(0, BAR))
def test_erasing_takes_the_points_of_a_stretch_and_no_others(clip, controller, start, length):
    after = without_points(clip, controller, start, start + length)
    assert is_sound(after)
    left = {p for p in points_of(after, controller) if start <= p.onset_ticks < start + length}
    assert not left - {p for p in left if p.onset_ticks == BAR - 1 and p.controller == SUSTAIN}
    kept = {p for p in points_of(clip, controller) if not start <= p.onset_ticks < start + length}
    lost = kept - set(points_of(after, controller))
    assert all(p.controller == SUSTAIN and p.onset_ticks == BAR - 1 for p in lost)


@given(clips, controllers)
def test_clearing_leaves_a_controller_at_rest_and_the_others_alone(clip, controller):
    after = without_controller(clip, controller)
    assert controller not in controllers_of(after)
    assert controllers_of(after) == controllers_of(clip) - {controller}
    assert value_before(points_of(after, controller), BAR, controller) == value_at_rest(controller)


def test_a_line_becomes_a_point_a_step_and_ends_where_the_wheel_was() -> None:
    drawn = with_drawn(EMPTY, MOD_WHEEL, Stroke([(0, 0), (60, 40)], 15))
    told = [(p.onset_ticks, p.value) for p in points_of(drawn, MOD_WHEEL)]
    assert told == [(15, 10), (30, 20), (45, 30), (60, 40), (75, 0)]
    assert {p.channel for p in drawn.controls} == {3}


def test_a_stroke_backwards_draws_the_same_line() -> None:
    there = with_drawn(EMPTY, PITCH_BEND, Stroke([(0, 9000), (600, 16_000)]))
    back = with_drawn(EMPTY, PITCH_BEND, Stroke([(600, 16_000), (0, 9000)]))
    assert there == back


def test_what_is_drawn_later_replaces_what_was_drawn_before() -> None:
    drawn = with_drawn(EMPTY, MOD_WHEEL, Stroke([(0, 100), (480, 100), (0, 20)], 480))
    assert [(p.onset_ticks, p.value) for p in points_of(drawn, MOD_WHEEL)] == [
        (0, 20),
        (480, 100),
        (960, 0),
    ]


def test_equal_values_make_one_point() -> None:
    drawn = with_drawn(EMPTY, MOD_WHEEL, Stroke([(0, 64), (BAR + 50, 64)]))
    assert [(p.onset_ticks, p.value) for p in points_of(drawn, MOD_WHEEL)] == [(0, 64)]


def test_a_bend_comes_back_to_its_centre() -> None:
    drawn = with_drawn(EMPTY, PITCH_BEND, Stroke([(0, HIGHEST_BEND)], 120))
    assert [p.value for p in points_of(drawn, PITCH_BEND)] == [HIGHEST_BEND, BEND_CENTRE]


def test_a_stroke_beside_the_clip_changes_nothing() -> None:
    assert with_drawn(EMPTY, MOD_WHEEL, Stroke([(5000, 64)])) is EMPTY
    assert with_drawn(EMPTY, MOD_WHEEL, Stroke([(-60, 64)])) is EMPTY
    assert with_point(EMPTY, MOD_WHEEL, BAR, 64) is EMPTY


def test_a_pedal_is_a_block_and_is_let_up_before_the_end() -> None:
    drawn = with_drawn(EMPTY, SUSTAIN, Stroke([(480, 127), (900, 90)], 480))
    assert blocks_of(points_of(drawn, SUSTAIN), BAR) == ((480, 960),)
    to_the_end = with_drawn(EMPTY, SUSTAIN, Stroke([(960, 127), (BAR + 50, 127)], 480))
    assert blocks_of(points_of(to_the_end, SUSTAIN), BAR) == ((960, BAR - 1),)


def test_a_pedal_pressed_and_taken_back_leaves_nothing_at_the_end() -> None:
    held = with_point(EMPTY, SUSTAIN, 480, 127)
    assert [p.onset_ticks for p in held.controls] == [480, BAR - 1]
    assert [p.onset_ticks for p in with_point(held, SUSTAIN, 960, 0).controls] == [480, 960]
    assert without_points(held, SUSTAIN, 480, 481) == EMPTY


def test_a_pedal_is_lifted_in_the_middle_of_a_block() -> None:
    held = with_drawn(EMPTY, SUSTAIN, Stroke([(0, 127), (1439, 127)], 480))
    cut = with_drawn(held, SUSTAIN, Stroke([(480, 0)], 480))
    assert blocks_of(points_of(cut, SUSTAIN), BAR) == ((0, 480), (960, 1440))


def test_blocks_of_foreign_points_are_read_as_they_sound() -> None:
    line = (
        ControlPoint(0, SUSTAIN, 100),
        ControlPoint(9, SUSTAIN, 70),
        ControlPoint(20, SUSTAIN, 63),
    )
    assert blocks_of(line, BAR) == ((0, 20),)
    assert blocks_of(line[:1], BAR) == ((0, BAR),)
    assert blocks_of((line[0], replace(line[2], onset_ticks=0)), BAR) == ()


@pytest.mark.parametrize(
    ("controller", "value", "words"),
    [
        (SUSTAIN, 64, "down"),
        (SUSTAIN, 63, "up"),
        (PITCH_BEND, BEND_CENTRE, "0 %"),
        (PITCH_BEND, HIGHEST_BEND, "+100 %"),
        (PITCH_BEND, 0, "-100 %"),
        (MOD_WHEEL, 12, "12"),
    ],
)
def test_values_are_said_as_musicians_say_them(controller, value, words) -> None:
    assert value_in_words(controller, value) == words


def test_controllers_have_names() -> None:
    assert [controller_name(each) for each in (PITCH_BEND, MOD_WHEEL, 20)] == [
        "Pitch bend",
        "Mod wheel",
        "Controller 20",
    ]


@pytest.mark.parametrize(("stroke_places", "step_ticks"), [([], 15), ([(0, 0)], 0)])
def test_a_stroke_has_a_place_and_a_step(stroke_places, step_ticks) -> None:
    with pytest.raises(ValueError, match="stroke"):
        Stroke(stroke_places, step_ticks)


def test_a_step_is_a_thirty_second_of_a_beat() -> None:
    assert STEP_TICKS * 32 == 480
