"""An engine without a process: tests and pictures tell it what happens."""

from PySide6.QtCore import QObject, Signal

from musicassist.engine.protocol import Command, EngineReady, Event, PlayheadMoved, Stop
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
            self.say(PlayheadMoved(0.0, is_playing=False))

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

    def die(self) -> None:
        """Go without being asked."""
        self._is_running = False
        self.gone.emit(EngineError("The sound engine has stopped.", "Restart it."))
