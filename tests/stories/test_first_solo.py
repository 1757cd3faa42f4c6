"""The whole path, with real parts: a played phrase becomes a solo in another program.

A second process plays a phrase on a real MIDI port; it is captured, drawn, continued, quantised,
heard through a real sound server, saved, and dragged with a real mouse onto another program.
"""

import json
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from musicassist.music.note import SUSTAIN
from musicassist.music.session import Timing
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.main_window import MainWindow
from musicassist.ui.theme import DARK
from tests.stories.conftest import (
    KEYBOARD_NAME,
    LATEST_S,
    USUALLY_LATE_S,
    Helper,
    control,
    phrase_played,
    services_of,
)
from tests.stories.dragging import drag_out

pytestmark = pytest.mark.rig


def n_pixels(widget: QWidget, colour: str) -> int:
    """Return how many pixels of a widget are nearly of a colour."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 2::-1]
    wanted = QColor(colour)
    distance = np.abs(pixels.astype(int) - (wanted.red(), wanted.green(), wanted.blue())).sum(-1)
    return int((distance < 60).sum())


def record(path: Path) -> subprocess.Popen[bytes]:
    command = ["parec", "-d", "rig.monitor", "--rate=48000", "--channels=1", "--file-format=wav"]
    return subprocess.Popen([*command, str(path)])


def heard(path: Path) -> np.ndarray:
    with wave.open(str(path)) as recording:
        frames = recording.readframes(recording.getnframes())
    return np.frombuffer(frames, np.int16) / 32768


def test_a_played_phrase_becomes_a_solo_in_another_program(
    qtbot: QtBot, window: MainWindow, keyboard: Helper, tmp_path: Path
) -> None:
    services = services_of(window)
    document = services.document
    wait: Callable[..., None] = qtbot.waitUntil

    played = phrase_played()
    ports: list[str] = []
    services.workbench.ports_changed.connect(
        lambda inputs: ports.extend(port.name for port in inputs if port.is_open)
    )
    keyboard.tell("plug in")
    assert keyboard.hear() == "ready"
    wait(lambda: any(KEYBOARD_NAME in port for port in ports), timeout=5_000)
    before = document.session.primer
    keyboard.tell("play")
    wait(lambda: document.session.primer is not before, timeout=12_000)
    struck_s = json.loads(keyboard.hear())

    # Captured without anyone pressing record: timing, velocity and pedal.
    primer = document.session.primer
    assert primer is not None
    assert [(note.pitch, note.velocity) for note in primer.notes] == [
        (pitch, velocity) for _, pitch, velocity, _ in played
    ]
    ticks_a_second = TICKS_PER_BEAT / (document.session.timebase.tempos[0].beat_us / 1e6)
    late_s = [
        note.onset_ticks / ticks_a_second - (struck - struck_s[0])
        for note, struck in zip(primer.notes, struck_s, strict=True)
    ]
    assert np.median(np.abs(late_s)) <= USUALLY_LATE_S
    assert np.abs(late_s).max() <= LATEST_S
    pedal = [point.value for point in primer.controls if point.controller == SUSTAIN]
    assert 127 in pedal
    assert pedal[-1] == 0

    # It stands in the piano roll.
    roll = control(window, "piano_roll")
    assert n_pixels(roll, DARK.person) > 300

    # Continued by the trained network, in four takes; the first one sounds.
    recording = record(tmp_path / "heard.wav")
    with qtbot.waitSignal(services.soloist.solos_made, timeout=20_000):
        qtbot.mouseClick(control(window, "continue_button"), Qt.MouseButton.LeftButton)
    assert len(document.session.solos) == document.session.wishes.n_takes == 4
    wait(lambda: n_pixels(roll, DARK.machine) > 300, timeout=5_000)
    wait(lambda: services.player.playhead_ticks > 2 * TICKS_PER_BEAT, timeout=10_000)
    services.player.stop()
    recording.terminate()
    recording.wait(10)
    sound = heard(tmp_path / "heard.wav")
    assert np.abs(sound).max() > 0.02
    assert np.abs(sound).max() < 1.0

    # Quantised, and the raw solo kept.
    numbered = document.session.selected_solo
    assert numbered is not None
    document.change_timing(grid_name="1/16", strength=1.0)
    session = document.session
    assert session.timing == Timing("1/16", 1.0)
    timed = session.timed(numbered.solo.clip)
    assert all(note.onset_ticks % (TICKS_PER_BEAT // 4) == 0 for note in timed.notes)
    assert session.selected_solo == numbered

    # Saved: a second implementation agrees on every note, tempo, signature and length.
    saved = services.exports.save_as(session, numbered, tmp_path / "solo.mid")
    assert saved is not None
    check_by_mido(saved, session, timed)

    # Dragged out of the window onto another program.
    given = drag_out(qtbot, window, numbered.number)
    assert given["action"] == "CopyAction"
    (dropped,) = (Path(path) for path in given["paths"])
    assert dropped.suffix == ".mid"
    assert dropped.read_bytes()[:4] == b"MThd"
    check_by_mido(dropped, session, timed)


def check_by_mido(path: Path, session: object, clip: object) -> None:
    """Compare a file, as mido reads it, with what it was written from."""
    from musicassist.music.clip import Clip
    from musicassist.music.session import Session

    assert isinstance(session, Session)
    assert isinstance(clip, Clip)
    file = mido.MidiFile(path)
    assert file.type == 0
    assert file.ticks_per_beat == TICKS_PER_BEAT
    (track,) = file.tracks
    tick, sounding, notes, metas = 0, {}, [], {}
    for message in track:
        tick += message.time
        if message.type == "note_on" and message.velocity:
            sounding[message.note] = (tick, message.velocity)
        elif message.type in ("note_on", "note_off"):
            onset, velocity = sounding.pop(message.note)
            notes.append((onset, tick - onset, message.note, velocity))
        elif message.is_meta:
            metas[message.type] = (tick, message)
    assert sounding == {}
    expected = [(n.onset_ticks, n.duration_ticks, n.pitch, n.velocity) for n in clip.notes]
    assert sorted(notes) == sorted(expected)
    assert all(metas[name][0] == 0 for name in ("set_tempo", "time_signature", "track_name"))
    assert metas["set_tempo"][1].tempo == session.timebase.tempos[0].beat_us
    meter = session.timebase.meters[0]
    signature = metas["time_signature"][1]
    assert (signature.numerator, signature.denominator) == (meter.numerator, meter.denominator)
    assert session.key is None or metas["key_signature"][0] == 0
    end_ticks = metas["end_of_track"][0]
    assert end_ticks == clip.length_ticks
    assert end_ticks % meter.bar_ticks == 0
    assert end_ticks // meter.bar_ticks == session.wishes.n_bars
