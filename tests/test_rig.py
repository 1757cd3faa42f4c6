"""The rig itself: its MIDI, sound and screen are real, so that other tests may rely on them."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.rig

N_MESSAGES = 100

SENDER = f"""
import rtmidi
port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Sender")
port.open_virtual_port("keys")
print("ready", flush=True)
input()
for number in range({N_MESSAGES}):
    port.send_message([0x90, number, 64])
input()
port.close_port()
port.delete()
"""


def test_midi_reaches_us_from_another_process_complete_and_in_order() -> None:
    import rtmidi

    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert sender.stdin is not None
    assert sender.stdout is not None
    assert sender.stdout.readline().strip() == "ready"
    received: list[int] = []
    all_here = threading.Event()

    def receive(event: tuple[list[int], float], _: object) -> None:
        received.append(event[0][1])
        if len(received) == N_MESSAGES:
            all_here.set()

    port = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="Receiver")
    try:
        port.open_port(next(i for i, name in enumerate(port.get_ports()) if "Sender" in name))
        port.set_callback(receive)
        sender.stdin.write("go\n")
        sender.stdin.flush()
        assert all_here.wait(5.0)
        assert received == list(range(N_MESSAGES))
    finally:
        port.cancel_callback()
        port.close_port()
        port.delete()
        sender.communicate("leave\n", timeout=10)


def test_sound_plays_at_its_own_speed_into_the_null_sink() -> None:
    import sounddevice

    n_frames = 0
    played_a_second = threading.Event()

    def play(out: bytes, frames: int, _time: object, _status: object) -> None:
        nonlocal n_frames
        memoryview(out).cast("B")[:] = bytes(len(out))
        n_frames += frames
        if n_frames >= 48_000:
            played_a_second.set()

    with sounddevice.RawOutputStream(
        samplerate=48_000, channels=2, dtype="int16", device="default", callback=play
    ):
        start_s = time.monotonic()
        assert played_a_second.wait(5.0)
        elapsed_s = time.monotonic() - start_s
    assert 0.5 < elapsed_s < 2.0
    assert (
        "rig"
        in subprocess.run(
            ["pactl", "list", "short", "sinks"], capture_output=True, text=True
        ).stdout
    )


def test_a_window_is_really_on_the_screen(qtbot) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QWidget

    assert QGuiApplication.platformName() == "xcb"
    window = QWidget()
    window.setWindowTitle("seen by the window manager")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: b"seen by" in _window_names())


def _window_names() -> bytes:
    return subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "seen by", "getwindowname"],
        capture_output=True,
        check=False,
    ).stdout


def test_everything_of_the_rig_is_private() -> None:
    assert Path(os.environ["HOME"]).is_relative_to(Path(os.environ["XDG_RUNTIME_DIR"]).parent)
    assert os.environ["JACK_DEFAULT_SERVER"].startswith("rig")
