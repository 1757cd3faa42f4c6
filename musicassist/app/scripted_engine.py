"""An engine without a process: tests and pictures tell it what happens."""

from PySide6.QtCore import QObject, Signal

from musicassist.engine.protocol import (
    Command,
    EngineReady,
    Event,
    PlayClip,
    PlayheadMoved,
    Stop,
)
from musicassist.errors import EngineError


class ScriptedEngine(QObject):
    """Stands in for `EngineClient`: remembers commands, says what it is told to say.

    Attributes:
        sent: Every command, oldest first.
        n_starts: How often it was started.
    """

    event_arrived = Signal(object)
    gone = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sent: list[Command] = []
        self.n_starts = 0
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether there is an engine to talk to."""
        return self._is_running

    def start(self) -> None:
        """Start, and report readiness."""
        self._is_running = True
        self.n_starts += 1
        self.say(EngineReady("Scripted output", 48_000, 7.0, "Scripted synth"))

    def send(self, command: Command) -> None:
        """Remember a command; stopping is answered as the engine would."""
        if not self._is_running:
            return
        self.sent.append(command)
        if isinstance(command, Stop):
            self.move_playhead(0.0, is_playing=False)

    def restart(self) -> None:
        """Start again."""
        self.shut_down()
        self.start()

    def shut_down(self) -> None:
        """Leave."""
        self._is_running = False

    def say(self, event: Event) -> None:
        """Let something happen."""
        self.event_arrived.emit(event)

    def move_playhead(self, ticks: float, *, is_playing: bool = True) -> None:
        """Let what was last sent to be played be heard at a place, or end there."""
        played = [command for command in self.sent if isinstance(command, PlayClip)]
        self.say(PlayheadMoved(ticks, is_playing, played[-1].play_id if played else 0))

    def die(self) -> None:
        """Go without being asked."""
        self._is_running = False
        self.gone.emit(EngineError("The sound engine has stopped.", "Restart it."))
