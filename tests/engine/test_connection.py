import os

import pytest

from musicassist.engine.connection import MOST_WAITING, Connection
from musicassist.engine.protocol import (
    EngineTrouble,
    KeyMoved,
    NothingToGrab,
    Panic,
    PlayheadMoved,
    PortSpoke,
    PressKey,
    ShutDown,
    Stop,
    decode,
    encode,
)


class Pipes:
    def __init__(self):
        in_fd, self.write_fd = os.pipe()
        self.read_fd, out_fd = os.pipe()
        self.fds = {in_fd, self.write_fd, self.read_fd, out_fd}
        self.connection = Connection(in_fd, out_fd)

    def hang_up(self, fd):
        self.fds.discard(fd)
        os.close(fd)


@pytest.fixture
def pipes():
    pipes = Pipes()
    yield pipes
    pipes.hang_up(pipes.write_fd) if pipes.write_fd in pipes.fds else None
    while not isinstance(pipes.connection.next_command(5), ShutDown):
        pass
    pipes.connection.close()
    for fd in pipes.fds:
        os.close(fd)


def test_commands_come_out_in_order_however_the_bytes_are_cut(pipes):
    data = encode(PressKey(60)) + encode(Stop()) + encode(Panic())
    for at in range(0, len(data), 7):
        os.write(pipes.write_fd, data[at : at + 7])
    commands = [pipes.connection.next_command(5) for _ in range(3)]
    assert commands == [PressKey(60), Stop(), Panic()]


def test_no_command_in_time_is_none(pipes):
    assert pipes.connection.next_command(0.001) is None


@pytest.mark.parametrize(
    "line",
    [b"rubbish\n", b"\n", b"\xff\xfe\n", b'{"kind":"Nobody","body":{}}\n', encode(NothingToGrab())],
)
def test_a_line_that_is_no_command_is_a_trouble_and_the_next_one_counts(pipes, line):
    os.write(pipes.write_fd, line + encode(Stop()))
    assert isinstance(pipes.connection.next_command(5), EngineTrouble)
    assert pipes.connection.next_command(5) == Stop()


def test_events_go_out_as_lines(pipes):
    pipes.connection.send(NothingToGrab())
    assert decode(os.read(pipes.read_fd, 1000)) == NothingToGrab()


def test_a_name_that_utf_8_cannot_hold_goes_out_as_far_as_it_goes(pipes):
    pipes.connection.send(PortSpoke("Klavier \udcff"))
    pipes.connection.send(NothingToGrab())
    pipes.connection.close()
    pipes.hang_up(pipes.write_fd)
    os.set_blocking(pipes.read_fd, False)
    lines = os.read(pipes.read_fd, 1000).splitlines()
    assert [decode(line) for line in lines] == [PortSpoke("Klavier ?"), NothingToGrab()]


def test_when_nobody_listens_any_more_it_is_time_to_leave(pipes):
    pipes.hang_up(pipes.read_fd)
    pipes.connection.send(NothingToGrab())
    pipes.connection.send(NothingToGrab())
    assert pipes.connection.next_command(5) == ShutDown()


def test_a_window_that_has_gone_is_told_from_one_that_has_said_goodbye(pipes):
    os.write(pipes.write_fd, encode(ShutDown()))
    pipes.hang_up(pipes.write_fd)
    assert pipes.connection.next_command(5) == ShutDown()
    assert pipes.connection.next_command(5) == ShutDown()
    assert not pipes.connection.has_hung_up
    pipes.connection._arrived.put(ShutDown())  # for the fixture


def test_a_window_that_hangs_up_without_a_word_has_hung_up(pipes):
    pipes.hang_up(pipes.write_fd)
    assert pipes.connection.next_command(5) == ShutDown()
    assert pipes.connection.has_hung_up
    pipes.connection._arrived.put(ShutDown())  # for the fixture


def read_all(fd):
    data = b""
    while chunk := os.read(fd, 1 << 20):
        data += chunk
        if data.endswith(encode(Stop())):
            break
    return [decode(line) for line in data.splitlines()]


def test_a_window_that_stops_reading_holds_nobody_up_and_loses_only_what_is_outdated(pipes):
    kept = [KeyMoved(60, bool(number % 2), False, "x" * 200) for number in range(3 * MOST_WAITING)]
    for event in kept:
        pipes.connection.send(event)
        pipes.connection.send(PlayheadMoved(1.0, is_playing=True))
        pipes.connection.send(PortSpoke("V49"))
    pipes.connection.send(PlayheadMoved(2.0, is_playing=False))
    pipes.connection.send(Stop())
    said = read_all(pipes.read_fd)
    assert [event for event in said if isinstance(event, KeyMoved)] == kept
    heads = [event for event in said if isinstance(event, PlayheadMoved)]
    assert 0 < len(heads) < len(kept)
    assert heads[-1] == PlayheadMoved(2.0, is_playing=False)


def test_what_was_sent_before_closing_arrives(pipes):
    for pitch in range(100):
        pipes.connection.send(KeyMoved(pitch, True, False))
    pipes.connection.close()
    lines = os.read(pipes.read_fd, 1 << 20).splitlines()
    assert [decode(line).pitch for line in lines] == list(range(100))
