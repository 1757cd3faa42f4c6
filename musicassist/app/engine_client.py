"""The engine process as the window sees it: commands go in, events come out."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.app.child_process import ChildProcess
from musicassist.app.inbox import Inbox
from musicassist.engine.protocol import Command, Event, KeepIn, ShutDown, Stop, decode, encode
from musicassist.errors import EngineError

_LEAVE_S: Final = 1.2  # given to finish writing before it is ended


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine is started with; changing one means starting another engine.

    Attributes:
        fake_devices: Whether it does without hardware.
        soundfont: Path of a SoundFont; empty for the built-in sounds.
        audio_device: Name of the output device; empty for the system's choice.
        block_frames: Frames to be asked for at a time; 0 for the device's choice.
        session_file: Where what is played is kept; None keeps nothing.
        controllers_folder: Where the user's own controller profiles are; None for nowhere.
    """

    fake_devices: bool = False
    soundfont: str = ""
    audio_device: str = ""
    block_frames: int = 0
    session_file: Path | None = None
    controllers_folder: Path | None = None


def engine_command(options: EngineOptions) -> list[str]:
    """Return the command line that starts an engine."""
    command = [sys.executable, "-m", "musicassist.engine"]
    if options.fake_devices:
        command.append("--fake-devices")
    for name, value in (
        ("--soundfont", options.soundfont),
        ("--audio-device", options.audio_device),
        ("--block-frames", options.block_frames),
        ("--session", options.session_file),
        ("--controllers", options.controllers_folder),
    ):
        if value:
            command += [name, str(value)]
    return command


@dataclass(frozen=True, slots=True)
class _Said:
    run: int
    event: Command | Event


@dataclass(frozen=True, slots=True)
class _Gone:
    run: int
    error: EngineError


class EngineClient(QObject):
    """Runs the engine process and talks with it.

    `event_arrived` carries each `Event`; `gone` comes once, with an `EngineError`, when the engine
    has ended without being asked to; `missed` with every command that is dropped after that.

    Args:
        options: What it is started with.
        parent: Its Qt owner.
        command_of: How to start it with given options.

    Thread: GUI. One thread of its own reads, one writes, so that an engine that hangs can never
    hold the window up; both hand over through queues.
    """

    event_arrived = Signal(object)
    gone = Signal(object)
    missed = Signal()

    def __init__(
        self,
        options: EngineOptions,
        parent: QObject | None = None,
        *,
        command_of: Callable[[EngineOptions], Sequence[str]] = engine_command,
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._command_of = command_of
        self._n_runs = 0
        self._process: ChildProcess | None = None
        self._is_wanted = False
        self._early: list[Command] | None = None  # for the next engine, while one is leaving
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_patience_timeout)

    @property
    def options(self) -> EngineOptions:
        """What the engine was started with, or will be."""
        return self._options

    @property
    def is_running(self) -> bool:
        """Whether there is an engine to talk to."""
        return self._process is not None

    def start(self) -> None:
        """Start the engine; it reports itself with `EngineReady`."""
        if self._process is not None:
            return
        self._n_runs += 1
        self._is_wanted = True
        self._inbox.open()
        run = self._n_runs

        def on_line(line: bytes) -> None:
            try:
                self._inbox.put(_Said(run, decode(line)))
            except ValueError:  # a stray print of a library is no event
                return

        try:
            self._process = ChildProcess(
                self._command_of(self._options),
                on_line,
                lambda: self._inbox.put(_Gone(run, _has_gone())),
            )
        except OSError as problem:
            # Not told at once: at the program's start nobody listens yet.
            self._inbox.put(_Gone(run, _cannot_start(problem)))

    def send(self, command: Command) -> None:
        """Send a command; without an engine it is dropped."""
        if self._early is not None:
            self._early.append(command)
        elif self._process is not None:
            self._process.send(encode(command))
        elif self._is_wanted:
            self.missed.emit()

    def keep_in(self, session_file: Path) -> None:
        """Let what is played be kept in another file from now on, by this engine and the next."""
        self._options = replace(self._options, session_file=session_file)
        if self._process is not None:
            self.send(KeepIn(str(session_file)))

    def restart(self, options: EngineOptions | None = None) -> None:
        """Let another engine take over; returns at once.

        What the one that leaves still hands over arrives, and commands given meanwhile go to its
        successor.

        Args:
            options: What to start it with from now on; None leaves that as it is.
        """
        if options is not None:
            self._options = options
        if self._process is None:
            self.start()
        elif self._early is None:
            self._early = []
            _ask_to_leave(self._process)
            self._patience.start(round(_LEAVE_S * 1000))

    def shut_down(self) -> None:
        """Ask the engine to leave, and end it if it does not; takes 2 s at most.

        What it says until then still arrives.
        """
        process, self._process = self._process, None
        self._early = None
        self._is_wanted = False
        self._patience.stop()
        if process is not None:
            _ask_to_leave(process)
            process.end()
            while self._inbox.drain():
                pass
        self._n_runs += 1  # what still arrives belongs to no one
        self._inbox.close()

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, _Said) and item.run == self._n_runs:
            self.event_arrived.emit(item.event)
        elif isinstance(item, _Gone) and item.run == self._n_runs and self._is_wanted:
            self._on_process_ended(item.error)

    def _on_process_ended(self, error: EngineError) -> None:
        process, self._process = self._process, None
        early, self._early = self._early, None
        self._patience.stop()
        if process is not None:
            process.end()
        if early is not None:
            self.start()
            for command in early:
                self.send(command)
        else:
            self.gone.emit(error)

    def _on_patience_timeout(self) -> None:
        """End an engine that was asked to leave and did not; its silence is noticed then."""
        if self._process is not None:
            self._process.kill()


def _ask_to_leave(process: ChildProcess) -> None:
    """Say that no more commands come; what the engine has to say still arrives."""
    process.send(encode(Stop()))  # ends notes, hands a recording over
    process.send(encode(ShutDown()))
    process.hang_up()


def _has_gone() -> EngineError:
    return EngineError(
        "The sound engine has stopped.", "Nothing you made is lost; restart it to hear and play."
    )


def _cannot_start(problem: OSError) -> EngineError:
    return EngineError(
        f"The sound engine did not start: {problem.strerror or problem}.",
        "Restart it, or reinstall MusicAssist if that does not help.",
    )
