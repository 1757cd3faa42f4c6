import pytest

from musicassist.audio.synth import controlled_gain, send_message
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND


class Diary:
    """A synth that writes down what it is asked to do."""

    def __init__(self):
        self.deeds = []

    def __getattr__(self, name):
        return lambda *words: self.deeds.append((name, *words))


@pytest.mark.parametrize(
    ("lane", "message", "deed"),
    [
        (0, (0x92, 60, 100), ("note_on", 2, 60, 100)),
        (1, (0x92, 60, 100), ("note_on", 18, 60, 100)),
        (0, (0x92, 60, 0), ("note_off", 2, 60)),
        (1, (0x80, 60, 64), ("note_off", 16, 60)),
        (0, (0xB1, 64, 127), ("control", 1, 64, 127)),
        (0, (0xC3, 29, 0), ("select_program", 3, 29)),
        (1, (0xD0, 80, 0), ("control", 16, CHANNEL_PRESSURE, 80)),
        (0, (0xE0, 1, 64), ("control", 0, PITCH_BEND, 8193)),
    ],
)
def test_each_message_finds_its_deed(lane, message, deed):
    diary = Diary()
    send_message(diary, lane, *message)
    assert diary.deeds == [deed]


def test_key_pressure_is_passed_over():
    diary = Diary()
    send_message(diary, 0, 0xA0, 60, 80)
    assert diary.deeds == []


def test_controls_at_rest_leave_the_loudness_alone():
    assert controlled_gain(100, 127) == 1.0
    assert controlled_gain(50, 127) == 0.25
    assert controlled_gain(100, 0) == 0.0
