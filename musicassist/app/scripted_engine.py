"""An engine without a process: tests and pictures tell it what happens."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from musicassist.app.engine_client import EngineOptions
from musicassist.engine.protocol import (
    Command,
    EngineReady,
    Event,
    KeepIn,
    KeepingIn,
    LetGo,
    PlayClip,
    PlayheadMoved,
    Stop,
    TakeRecorded,
)
from musicassist.errors import EngineError
from musicassist.music.take import Take


class ScriptedEngine(QObject):
    """Stands in for `EngineClient`: remembers commands, says what it is told to say.

    Attributes:
        sent: Every command, oldest first.
        n_starts: How often it was started.
        options: What it was started with, or will be.
    """

    event_arrived = Signal(object)
    gone = Signal(object)
    missed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sent: list[Command] = []
        self.n_starts = 0
        self.options = EngineOptions()
        self._before: list[str] = []  # session files not let go yet
        self._is_running = False
        self._is_wanted = False

    @property
    def is_running(self) -> bool:
        """Whether there is an engine to talk to."""
        return self._is_running

    def start(self) -> None:
        """Start, and report readiness."""
        self._is_running = True
        self._is_wanted = True
        self.n_starts += 1
        soundfont = self.options.soundfont
        synth = f"SoundFont {Path(soundfont).name}" if soundfont else "Scripted synth"
        self.say(EngineReady("Scripted output", 48_000, 7.0, synth))

    def send(self, command: Command) -> None:
        """Remember a command; stopping is answered as the engine would."""
        if not self._is_running:
            if self._is_wanted:
                self.missed.emit()
            return
        self.sent.append(command)
        if isinstance(command, Stop):
            self.move_playhead(0.0, is_playing=False)
        elif isinstance(command, LetGo):
            self._before = [each for each in self._before if each != command.session_file]
            self._tell_files()

    def keep_in(self, session_file: Path) -> None:
        """Keep what is played in another file, and say so at once."""
        before, self.options = self.options, replace(self.options, session_file=session_file)
        if self._is_running:
            self.send(KeepIn(str(session_file)))
            if before.session_file is not None:
                self._before.append(str(before.session_file))
            self._tell_files()

    def _tell_files(self) -> None:
        self.say(KeepingIn(str(self.options.session_file), True, tuple(self._before)))

    def restart(self, options: EngineOptions | None = None) -> None:
        """Start again, with other options if any are given."""
        self.options = options or self.options
        self.shut_down()
        self.start()

    def shut_down(self) -> None:
        """Leave."""
        self._before = []
        self._is_running = False
        self._is_wanted = False

    def say(self, event: Event) -> None:
        """Let something happen."""
        self.event_arrived.emit(event)

    def move_playhead(
        self, ticks: float, *, is_playing: bool = True, is_counting_in: bool = False
    ) -> None:
        """Let what was last sent to be played be heard at a place, or end there."""
        played = self._last_played
        play_id = played.play_id if played is not None else 0
        is_recording = played is not None and played.is_recording and not is_counting_in
        self.say(PlayheadMoved(ticks, is_playing, play_id, is_recording, is_counting_in))

    def hand_over(
        self, take: Take, *, pass_number: int = 0, start_ticks: float = 0, end_ticks: float = 0
    ) -> None:
        """Let a pass of recording be over."""
        played = self._last_played
        play_id = played.play_id if played is not None else 0
        end_ticks = end_ticks or max(take.places_ticks, default=start_ticks)
        self.say(TakeRecorded(take, pass_number, start_ticks, end_ticks, play_id))

    @property
    def _last_played(self) -> PlayClip | None:
        played = [command for command in self.sent if isinstance(command, PlayClip)]
        return played[-1] if played else None

    def die(self) -> None:
        """Go without being asked."""
        self._is_running = False
        self.gone.emit(EngineError("The sound engine has stopped.", "Restart it."))
