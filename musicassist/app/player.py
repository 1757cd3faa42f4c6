"""Playing what is drawn: where playback starts, where it is, and what changes while it runs."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.app.document import Document
from musicassist.app.engine_client import EngineClient
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import Panic, PlayClip, PlayheadMoved, Stop

Engine = EngineClient | ScriptedEngine

_FOLLOW_AFTER_MS: Final = 60  # many movements of one slider become one new clip


class Player(QObject):
    """Plays the arrangement through the engine.

    `playhead_moved(ticks)` says what is heard now; `state_changed` that playing, looping or what
    can be played has changed.

    Args:
        engine: What makes the sound.
        document: What is played.
        parent: Its Qt owner.

    Thread: GUI.
    """

    playhead_moved = Signal(float)
    state_changed = Signal()

    def __init__(self, engine: Engine, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._is_playing = False
        self._is_looping = True
        self._start_ticks = 0
        self._play_id = 0
        self._playhead_ticks = 0.0
        self._heard = (document.arrangement.heard_clip, document.session.timebase)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_AFTER_MS)
        self._follow.timeout.connect(self._play_on)
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)
        document.session_changed.connect(self._on_document_session_changed)

    @property
    def is_playing(self) -> bool:
        """Whether something is heard."""
        return self._is_playing

    @property
    def is_looping(self) -> bool:
        """Whether playback starts again at the end."""
        return self._is_looping

    @property
    def can_play(self) -> bool:
        """Whether there is anything to play."""
        return bool(self._heard[0].notes)

    @property
    def playhead_ticks(self) -> float:
        """Where playback is, or will start."""
        return self._playhead_ticks

    def play(self) -> None:
        """Play from where playback starts."""
        if not self.can_play:
            return
        if self._start_ticks >= self._heard[0].length_ticks:
            self._start_ticks = 0
        self._play_from(self._start_ticks)

    def stop(self) -> None:
        """Stop, and return to where playback started."""
        self._follow.stop()
        self._engine.send(Stop())
        self._on_stopped()

    def toggle(self) -> None:
        """Play, or stop."""
        if self._is_playing:
            self.stop()
        else:
            self.play()

    def audition(self, number: int) -> None:
        """Play the phrase and that solo after it, from the start."""
        self._document.select_solo(number)
        self._start_ticks = 0
        self.play()

    def start_at(self, ticks: int) -> None:
        """Let playback start there; when playing, go there."""
        self._start_ticks = max(0, ticks)
        if self._is_playing:
            self.play()
        else:
            self._move_playhead(self._start_ticks)

    def set_looping(self, is_looping: bool) -> None:
        """Start again at the end, or not."""
        if is_looping == self._is_looping:
            return
        self._is_looping = is_looping
        if self._is_playing:
            self._follow.start()
        self.state_changed.emit()

    def panic(self) -> None:
        """Silence everything, whoever started it."""
        self._follow.stop()
        self._engine.send(Panic())
        self._on_stopped()

    def _play_on(self) -> None:
        if self._is_playing:
            length_ticks = self._heard[0].length_ticks
            at_ticks = int(self._playhead_ticks)
            self._play_from(at_ticks if at_ticks < length_ticks else 0)

    def _play_from(self, ticks: int) -> None:
        clip, timebase = self._heard
        if not clip.notes:
            self.stop()
            return
        self._follow.stop()
        self._play_id += 1
        self._engine.send(PlayClip(clip, timebase, ticks, self._is_looping, self._play_id))
        self._is_playing = self._engine.is_running
        self._move_playhead(ticks)
        self.state_changed.emit()

    def _move_playhead(self, ticks: float) -> None:
        self._playhead_ticks = ticks
        self.playhead_moved.emit(ticks)

    def _on_stopped(self) -> None:
        self._is_playing = False
        self._move_playhead(self._start_ticks)
        self.state_changed.emit()

    def _on_engine_event_arrived(self, event: object) -> None:
        if not isinstance(event, PlayheadMoved) or not self._is_playing:
            return  # a report sent before our Stop arrived says nothing new
        if event.play_id != self._play_id:
            return  # nor does one of what was played before
        if event.is_playing:
            self._move_playhead(event.ticks)
        else:
            self._on_stopped()

    def _on_engine_gone(self) -> None:
        self._follow.stop()
        if self._is_playing:
            self._on_stopped()

    def _on_document_session_changed(self) -> None:
        heard = (self._document.arrangement.heard_clip, self._document.session.timebase)
        if heard == self._heard:
            return
        self._heard = heard
        if self._is_playing:
            self._follow.start()
        elif self._start_ticks >= heard[0].length_ticks:
            self.start_at(0)
        self.state_changed.emit()
