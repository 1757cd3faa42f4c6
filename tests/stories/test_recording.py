"""Recording to the click, with a real port and a real sound server: it stands on the beat."""

import json
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from musicassist.engine.protocol import PlayheadMoved
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.main_window import MainWindow
from tests.stories.conftest import (
    KEYBOARD_NAME,
    LATEST_S,
    USUALLY_LATE_S,
    Helper,
    control,
    phrase_played,
    services_of,
)

pytestmark = pytest.mark.rig

TICKS_A_SECOND = TICKS_PER_BEAT * 2  # at 120 bpm
N_PLACES = 20


def test_what_is_played_to_the_click_stands_on_the_beat(
    qtbot: QtBot, window: MainWindow, keyboard: Helper
) -> None:
    services = services_of(window)
    services.sessions.start_new()
    services.document.set_tempo(120)
    services.settings.change(count_in_bars=2)
    keyboard.tell("plug in")
    assert keyboard.hear() == "ready"
    inputs = services.devices
    qtbot.waitUntil(
        lambda: any(KEYBOARD_NAME in port.name and port.is_open for port in inputs.state.inputs),
        timeout=10_000,
    )

    # The playhead says what is heard at any moment; a busy sound server may pause.
    heard_s: list[float] = []
    heard_ticks: list[float] = []

    def listen(event: object) -> None:
        if isinstance(event, PlayheadMoved) and event.is_playing:
            heard_s.append(time.monotonic())
            heard_ticks.append(event.ticks)

    services.engine.event_arrived.connect(listen)
    qtbot.mouseClick(control(window, "record_button"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(heard_s) >= N_PLACES, timeout=10_000)
    assert services.player.state.is_counting_in
    # What arrives soonest is the least late.
    start_s = float(np.min(np.array(heard_s) - np.array(heard_ticks) / TICKS_A_SECOND))
    keyboard.tell(f"play at {start_s}")
    qtbot.waitUntil(lambda: services.player.playhead_ticks > 8 * TICKS_PER_BEAT, timeout=15_000)
    qtbot.mouseClick(control(window, "play_button"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.document.session.primer is not None, timeout=5_000)
    struck_s = json.loads(keyboard.hear())

    # Every note is where the beat was heard when it was struck.
    primer = services.document.session.primer
    assert primer is not None
    played = phrase_played()
    assert [note.pitch for note in primer.notes] == [pitch for _, pitch, _, _ in played]
    expected_ticks = np.interp(struck_s, heard_s, heard_ticks)
    onsets_ticks = np.array([note.onset_ticks for note in primer.notes])
    late_s = (onsets_ticks - expected_ticks) / TICKS_A_SECOND
    assert abs(np.median(late_s)) <= 2 * USUALLY_LATE_S  # the report of the playhead is late too
    assert np.abs(late_s).max() <= LATEST_S
    assert primer.length_ticks == 8 * TICKS_PER_BEAT
    assert services.document.undo_name == "Record"
    # What was recorded is not captured a second time when the rest after it has passed.
    qtbot.wait(2_000)
    assert services.document.session.primer is primer
