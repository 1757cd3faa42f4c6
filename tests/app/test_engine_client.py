"""The engine process as the window sees it, with small programs in its place."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.engine_client import EngineClient, EngineOptions, engine_command
from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    NothingToGrab,
    PressKey,
)
from musicassist.errors import EngineError

GREET = """
import sys
from musicassist.engine.protocol import *
def say(event): sys.stdout.buffer.write(encode(event)); sys.stdout.buffer.flush()
say(EngineReady(sys.argv[1], 48000, 5.0, "synth"))
"""
ANSWER = (
    GREET
    + """
for line in sys.stdin.buffer:
    command = decode(line)
    if isinstance(command, GrabPhrase):
        print("a library's stray words", flush=True)
        say(NothingToGrab())
    elif isinstance(command, PressKey):
        sys.exit(3)
    elif isinstance(command, ShutDown):
        say(EngineTrouble("Last words.", sys.argv[1]))
        break
"""
)
TALKATIVE = (
    GREET
    + """
for line in sys.stdin.buffer:
    if isinstance(decode(line), ShutDown):
        break
for _ in range(1_200): say(NothingToGrab())
"""
)
DEAF = (
    GREET
    + """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True: time.sleep(1)
"""
)

Make = Callable[[str], EngineClient]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    clients: list[EngineClient] = []

    def made(program: str) -> EngineClient:
        def command(options: EngineOptions) -> list[str]:
            return [sys.executable, "-c", program, options.audio_device]

        clients.append(EngineClient(EngineOptions(audio_device="first"), command_of=command))
        return clients[-1]

    yield made
    for client in clients:
        client.shut_down()


def started(qtbot: QtBot, client: EngineClient) -> EngineClient:
    with qtbot.waitSignal(client.event_arrived, timeout=10_000):
        client.start()
    return client


def test_commands_go_out_and_events_come_back(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    with qtbot.waitSignal(client.event_arrived, timeout=10_000) as arrived:
        client.send(GrabPhrase())
    assert arrived.args == [NothingToGrab()]


def test_an_engine_that_ends_by_itself_is_told_once(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    seen: list[object] = []
    client.gone.connect(seen.append)
    with qtbot.waitSignal(client.gone, timeout=10_000):
        client.send(PressKey(60))
    client.send(PressKey(60))
    client.shut_down()
    assert [type(each) for each in seen] == [EngineError]
    assert not client.is_running


def test_a_command_nobody_takes_is_told(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    missed: list[bool] = []
    client.missed.connect(lambda: missed.append(True))
    with qtbot.waitSignal(client.gone, timeout=10_000):
        client.send(PressKey(60))
    assert missed == []
    client.send(PressKey(60))
    assert missed == [True]
    client.shut_down()
    client.send(PressKey(60))
    assert missed == [True]


def test_it_can_be_started_again(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    with qtbot.waitSignal(client.gone, timeout=10_000):
        client.send(PressKey(60))
    with qtbot.waitSignal(client.event_arrived, timeout=10_000):
        client.restart()
    assert client.is_running


def test_shutting_down_is_no_trouble(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    with qtbot.assertNotEmitted(client.gone, wait=50):
        client.shut_down()


def test_an_engine_that_does_not_listen_is_ended_within_two_seconds(
    qtbot: QtBot, make: Make
) -> None:
    client = started(qtbot, make(DEAF))
    start_s = time.monotonic()
    client.shut_down()
    assert time.monotonic() - start_s < 6  # two, and what a busy machine adds
    assert not client.is_running


def test_more_commands_than_a_pipe_holds_do_not_hold_the_window_up(
    qtbot: QtBot, make: Make
) -> None:
    client = started(qtbot, make(DEAF))
    start_s = time.monotonic()
    for _ in range(20_000):
        client.send(PressKey(60))
    assert time.monotonic() - start_s < 10  # held up, it would never end


def test_a_program_that_is_not_there_is_one_sentence(qtbot: QtBot) -> None:
    client = EngineClient(EngineOptions(), command_of=lambda _options: ["/nowhere/engine"])
    client.start()  # before anybody listens, as at the program's start
    with qtbot.waitSignal(client.gone) as gone:
        pass
    error = gone.args[0]
    assert isinstance(error, EngineError)
    assert "did not start" in error.what
    client.shut_down()


def test_the_real_engine_gets_ready_and_leaves(qtbot: QtBot) -> None:
    client = EngineClient(EngineOptions(fake_devices=True))
    events: list[object] = []
    client.event_arrived.connect(events.append)
    client.start()
    qtbot.waitUntil(lambda: any(isinstance(e, EngineReady) for e in events), timeout=20_000)
    child = client._process
    assert child is not None
    client.shut_down()
    assert child.exit_code == 0


def test_options_reach_the_command_line() -> None:
    options = EngineOptions(
        fake_devices=True,
        soundfont="my.sf2",
        audio_device="Speakers",
        block_frames=128,
        session_file=Path("idea.session"),
        controllers_folder=Path("controllers"),
    )
    assert engine_command(options)[3:] == [
        "--fake-devices",
        *("--soundfont", "my.sf2"),
        *("--audio-device", "Speakers"),
        *("--block-frames", "128"),
        *("--session", "idea.session"),
        *("--controllers", "controllers"),
    ]
    assert engine_command(EngineOptions())[1:] == ["-m", "musicassist.engine"]


def test_a_restart_hears_the_old_engine_out_before_the_new_one_speaks(
    qtbot: QtBot, make: Make
) -> None:
    client = started(qtbot, make(ANSWER))
    heard: list[object] = []
    client.event_arrived.connect(heard.append)
    client.gone.connect(heard.append)
    client.restart(EngineOptions(audio_device="second"))
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=20_000)
    assert heard == [
        EngineTrouble("Last words.", "first"),
        EngineReady("second", 48_000, 5.0, "synth"),
    ]
    assert client.options.audio_device == "second"


def test_commands_given_while_an_engine_leaves_go_to_the_next(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    heard: list[object] = []
    client.event_arrived.connect(heard.append)
    client.restart()
    client.send(GrabPhrase())
    qtbot.waitUntil(lambda: NothingToGrab() in heard, timeout=20_000)
    kinds = [type(each) for each in heard]
    assert kinds == [EngineTrouble, EngineReady, NothingToGrab]


def test_of_restarts_in_a_row_the_last_options_count(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    heard: list[object] = []
    client.event_arrived.connect(heard.append)
    client.restart(EngineOptions(audio_device="second"))
    client.restart(EngineOptions(audio_device="third"))
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=20_000)
    assert [each.audio_device for each in heard if isinstance(each, EngineReady)] == ["third"]


def test_an_engine_that_does_not_leave_holds_no_restart_up(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(DEAF))
    with qtbot.waitSignal(client.event_arrived, timeout=20_000) as arrived:
        client.restart(EngineOptions(audio_device="second"))
    assert arrived.args == [EngineReady("second", 48_000, 5.0, "synth")]


def test_what_an_engine_says_while_shutting_down_still_arrives(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    heard: list[object] = []
    client.event_arrived.connect(heard.append)
    client.shut_down()
    assert heard == [EngineTrouble("Last words.", "first")]


def test_a_long_farewell_is_heard_to_the_end(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(TALKATIVE))
    heard: list[object] = []
    client.event_arrived.connect(heard.append)
    client.shut_down()
    assert heard == [NothingToGrab()] * 1_200


def test_shutting_down_amid_a_restart_starts_no_other(qtbot: QtBot, make: Make) -> None:
    client = started(qtbot, make(ANSWER))
    client.restart()
    client.shut_down()
    with qtbot.assertNotEmitted(client.event_arrived, wait=50):
        assert not client.is_running
