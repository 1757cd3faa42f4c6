"""Notes and control points."""

import pytest

from musicassist.music.note import CHANNEL_PRESSURE, HIGHEST_BEND, PITCH_BEND, ControlPoint, Note


def test_a_note_ends_where_it_no_longer_sounds() -> None:
    assert Note(480, 240, 60).end_ticks == 720


@pytest.mark.parametrize(
    "fields",
    [
        {"onset_ticks": -1},
        {"duration_ticks": 0},
        {"pitch": 128},
        {"pitch": -1},
        {"velocity": 0},
        {"velocity": 128},
        {"channel": 16},
    ],
)
def test_a_note_out_of_range_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"note|pitch|channel"):
        Note(**({"onset_ticks": 0, "duration_ticks": 1, "pitch": 60} | fields))


def test_a_pitch_bend_has_a_wider_range_than_other_controllers() -> None:
    assert ControlPoint(0, PITCH_BEND, HIGHEST_BEND).value == HIGHEST_BEND
    with pytest.raises(ValueError, match="0-127"):
        ControlPoint(0, CHANNEL_PRESSURE, 128)


@pytest.mark.parametrize("point", [(-1, 64, 0), (0, 130, 0), (0, -1, 0), (0, 64, 0, 16)])
def test_a_control_point_out_of_range_is_refused(point: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"control|channel"):
        ControlPoint(*point)
