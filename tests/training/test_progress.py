"""Everything training tells is a line for a program and a sentence for people."""

import json

from musicassist.training.progress import (
    EpochEnded,
    FileRead,
    FileSkipped,
    ModelSaved,
    TrainingStarted,
    json_line,
    sentence,
)


def test_every_event_is_a_json_line_and_a_sentence(tmp_path):
    events = [
        FileRead("a.mid", 3, 1, 2),
        FileSkipped("b.mid", "It is no MIDI file."),
        TrainingStarted(10, 2, 5, 1000, 1),
        EpochEnded(1, 2, 1.5, None, True, 0.5),
        EpochEnded(2, 2, 1.25, 2.5, False, 0.5),
        ModelSaved(tmp_path, 1e-7),
    ]
    for event in events:
        line = json_line(event)
        assert "\n" not in line
        assert json.loads(line)["event"] == type(event).__name__
        assert "\n" not in sentence(event)
