"""The transport: what plays, from where, in which loop, and whether it is recorded."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.app.arrangement import Arrangement
from musicassist.app.document import Document
from musicassist.app.engine_client import EngineClient
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.settings import SettingsService
from musicassist.engine.protocol import (
    PLAYER_CHANNEL,
    LoopRange,
    Panic,
    PlayClip,
    PlayheadMoved,
    SetRecording,
    Stop,
)
from musicassist.music.backing import Backing
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase

Engine = EngineClient | ScriptedEngine

_FOLLOW_AFTER_MS: Final = 40  # many movements of one slider become one new clip


@dataclass(frozen=True, slots=True)
class TransportState:
    """What the transport does, as one value.

    Attributes:
        is_playing: Whether it runs; counting in is running too.
        is_recording: Whether what is played is recorded, or will be after the count-in.
        is_counting_in: Whether the count-in is heard.
        is_looping: Whether a stretch is played again and again.
        loop: Which stretch; None for everything there is.
        can_play: Whether there is anything to hear.
        start_ticks: Where playing starts.
    """

    is_playing: bool = False
    is_recording: bool = False
    is_counting_in: bool = False
    is_looping: bool = True
    loop: LoopRange | None = None
    can_play: bool = False
    start_ticks: int = 0


class _Heard(NamedTuple):
    """All that what is heard is made of; made only once it is played, as the band takes time."""

    arrangement: Arrangement
    timebase: Timebase
    backing: Backing
    key: Key | None


class Player(QObject):
    """Plays the arrangement through the engine, and records over it.

    `playhead_moved(ticks)` says what is heard now, below the start while counting in;
    `state_changed` that the `TransportState` is another, `recording_begun` that another recording
    has been asked for.

    Args:
        engine: What makes the sound.
        document: What is played.
        settings: Whether the click is on, and how many bars are counted in.
        parent: Its Qt owner.

    Thread: GUI.
    """

    playhead_moved = Signal(float)
    state_changed = Signal()
    recording_begun = Signal()

    def __init__(
        self,
        engine: Engine,
        document: Document,
        settings: SettingsService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._settings = settings
        self._play_id = 0
        self._playhead_ticks = 0.0
        self._stopped_ticks = 0.0
        self._is_overdubbing = True
        self._heard = self._what_is_heard()
        self._state = TransportState(can_play=self._can_play)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_AFTER_MS)
        self._follow.timeout.connect(self._play_on)
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self.halt)
        document.opened.connect(self._on_document_opened)
        document.session_changed.connect(self._on_document_session_changed)
        settings.changed.connect(lambda _settings: self._change(can_play=self._can_play))

    @property
    def state(self) -> TransportState:
        """What the transport does."""
        return self._state

    @property
    def is_playing(self) -> bool:
        """Whether the transport runs."""
        return self._state.is_playing

    @property
    def is_recording(self) -> bool:
        """Whether what is played is recorded, or will be after the count-in."""
        return self._state.is_recording

    @property
    def is_overdubbing(self) -> bool:
        """Whether recording adds to the phrase; else it replaces what was there."""
        return self._is_overdubbing

    @property
    def playhead_ticks(self) -> float:
        """Where the transport is, or will start."""
        return self._playhead_ticks

    @property
    def loop_range(self) -> LoopRange | None:
        """The stretch that is looped, or would be; None when there is nothing to loop."""
        length_ticks = self._heard.arrangement.heard_length_ticks
        whole = LoopRange(0, length_ticks) if length_ticks else None
        return self._state.loop or whole

    def play(self) -> None:
        """Play from where playing starts."""
        if self._state.can_play:
            self._play_from(self._state.start_ticks)

    def play_on(self) -> None:
        """Play from where it was stopped."""
        if self._state.can_play and not self.is_playing:
            self._play_from(int(self._stopped_ticks))

    def stop(self) -> None:
        """Stop, and return to where playing started."""
        self._engine.send(Stop())
        self.halt()

    def toggle(self) -> None:
        """Play, or stop."""
        if self.is_playing:
            self.stop()
        else:
            self.play()

    def record(self) -> None:
        """Count in and record; while playing, begin to record or end it."""
        if not self.is_playing:
            self.recording_begun.emit()
            self._play_from(self._state.start_ticks, is_recording=True)
            return
        if self._state.is_counting_in:
            self.stop()
            return
        is_on = not self.is_recording
        if is_on:
            self.recording_begun.emit()
        self._engine.send(SetRecording(is_on))
        self._change(is_recording=is_on)
        if not is_on:
            self._follow.start()  # what was recorded may be heard now

    def set_overdubbing(self, *, is_overdubbing: bool) -> None:
        """Let recording add to the phrase, or replace what was there."""
        if is_overdubbing != self._is_overdubbing:
            self._is_overdubbing = is_overdubbing
            self.state_changed.emit()

    def audition(self, number: int) -> None:
        """Play the phrase and that solo after it, from the start."""
        self._document.select_solo(number)
        self._change(start_ticks=0)
        self.play()

    def start_at(self, ticks: int) -> None:
        """Let playing start there; while playing or counting in, go there."""
        self._change(start_ticks=max(0, ticks))
        self._stopped_ticks = self._state.start_ticks
        if self._state.is_counting_in:
            self._play_from(self._state.start_ticks, is_recording=True)
        elif self.is_playing and not self.is_recording:
            self.play()
        elif not self.is_playing:
            self._move_playhead(self._state.start_ticks)

    def set_looping(self, is_looping: bool) -> None:
        """Play a stretch again and again, or play on to the end."""
        if is_looping != self._state.is_looping:
            self._change(is_looping=is_looping)
            self._play_on_soon()

    def set_loop(self, loop: LoopRange | None) -> None:
        """Choose the stretch that is looped; None for everything there is."""
        if loop is not None and not 0 <= loop.start_ticks < loop.end_ticks:
            raise ValueError(f"a loop runs forward from 0 or later: {loop}")
        if loop != self._state.loop:
            self._change(loop=loop)
            self._play_on_soon()

    def panic(self) -> None:
        """Silence everything, whoever started it."""
        self._engine.send(Panic())
        self.halt()

    def halt(self) -> None:
        """Take note that nothing plays any more: it was stopped, or the engine has gone."""
        self._follow.stop()
        if not self.is_playing:
            return
        self._stopped_ticks = max(0.0, self._playhead_ticks)
        self._change(
            is_playing=False, is_recording=False, is_counting_in=False, can_play=self._can_play
        )
        self._move_playhead(self._state.start_ticks)

    @property
    def _can_play(self) -> bool:
        return self._heard.arrangement.is_audible or self._settings.settings.is_metronome_on

    def _play_from(self, ticks: int, *, is_recording: bool = False) -> None:
        clip = self._heard.arrangement.heard_clip
        if clip.notes and ticks >= clip.length_ticks and not is_recording:
            ticks = 0
        if is_recording and not self._is_overdubbing:
            clip = _without_player(clip, ticks)
        n_count_in = self._settings.settings.count_in_bars if is_recording else 0
        self._send(clip, ticks, n_count_in, is_recording=is_recording)
        self._change(
            is_playing=self._engine.is_running,
            is_recording=is_recording and self._engine.is_running,
            is_counting_in=n_count_in > 0 and self._engine.is_running,
        )
        if not self._state.is_counting_in:
            self._move_playhead(ticks)

    def _send(
        self, clip: Clip, ticks: int | None, n_count_in: int = 0, *, is_recording: bool
    ) -> None:
        self._follow.stop()
        self._play_id += 1
        place_ticks = self._playhead_ticks if ticks is None else ticks
        loop = self.loop_range if self._state.is_looping else None
        if loop is not None and place_ticks >= loop.end_ticks:
            loop = None  # what lies behind it is heard to the end
        self._engine.send(
            PlayClip(
                clip,
                self._heard.timebase,
                ticks,
                loop,
                n_count_in,
                is_recording=is_recording,
                is_endless=is_recording or not clip.notes,
                play_id=self._play_id,
            )
        )

    def _play_on_soon(self) -> None:
        if self.is_playing:
            self._follow.start()

    def _play_on(self) -> None:
        """Let what is drawn now be heard, from where the transport is."""
        if not self.is_playing:
            return
        if self._state.is_counting_in:
            self._follow.start()  # not before it has begun
            return
        clip = self._heard.arrangement.heard_clip
        if not self.is_recording:
            if not self._can_play:
                self.stop()
                return
            if clip.notes and self._playhead_ticks >= clip.length_ticks:
                self._play_from(0)
                return
        self._send(clip, None, is_recording=self.is_recording)

    def _what_is_heard(self) -> _Heard:
        session = self._document.session
        return _Heard(self._document.arrangement, session.timebase, session.backing, session.key)

    def _move_playhead(self, ticks: float) -> None:
        self._playhead_ticks = ticks
        self.playhead_moved.emit(ticks)

    def _change(self, **fields: object) -> None:
        state = replace(self._state, **fields)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            self.state_changed.emit()

    def _on_engine_event_arrived(self, event: object) -> None:
        if not isinstance(event, PlayheadMoved) or not self.is_playing:
            return  # a report sent before our Stop arrived says nothing new
        if event.play_id != self._play_id:
            return  # nor does one of what was played before
        if event.is_playing:
            self._change(is_counting_in=event.is_counting_in)
            self._move_playhead(event.ticks)
        else:
            self.halt()

    def _on_document_opened(self) -> None:
        """Begin at the start of another session: place and loop were those of the one before."""
        self.halt()
        self._change(loop=None)
        self.start_at(0)

    def _on_document_session_changed(self) -> None:
        heard = self._what_is_heard()
        if heard == self._heard:
            return
        self._heard = heard
        loop, length_ticks = self._state.loop, heard.arrangement.heard_length_ticks
        if loop is not None and 0 < length_ticks <= loop.start_ticks:
            self._change(loop=None)  # what it went round is gone
        if self.is_playing:
            # While a phrase is being replaced, its passes are not heard under the next one.
            if not self.is_recording or self._is_overdubbing:
                self._follow.start()
        elif self._state.start_ticks >= length_ticks:
            self.start_at(0)
        self._change(can_play=self._can_play)


def _without_player(clip: Clip, start_ticks: int) -> Clip:
    """Return what is heard while the person's own notes from a place on are replaced."""
    return replace(
        clip,
        notes=tuple(
            note
            for note in clip.notes
            if note.channel != PLAYER_CHANNEL or note.onset_ticks < start_ticks
        ),
        controls=tuple(
            point
            for point in clip.controls
            if point.channel != PLAYER_CHANNEL or point.onset_ticks < start_ticks
        ),
    )
