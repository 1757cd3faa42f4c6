import os

import pytest

from musicassist.engine.connection import Connection
from musicassist.engine.protocol import (
    EngineTrouble,
    NothingToGrab,
    Panic,
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


def test_when_nobody_listens_any_more_it_is_time_to_leave(pipes):
    pipes.hang_up(pipes.read_fd)
    pipes.connection.send(NothingToGrab())
    pipes.connection.send(NothingToGrab())
    assert pipes.connection.next_command(5) == ShutDown()
