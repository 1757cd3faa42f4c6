"""The transport as the window sees it: commands in, playhead and takes out."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from musicassist.engine.lights import LitKeys
from musicassist.engine.player import Player
from musicassist.engine.playhead import HeardPlace, Playhead
from musicassist.engine.protocol import (
    PLAYER_CHANNEL,
    SOLO_CHANNEL,
    Event,
    KeyMoved,
    PlayClip,
    PlayheadMoved,
    TakeRecorded,
)
from musicassist.engine.recorder import Recorder
from musicassist.engine.renderer import (
    PlaybackEnded,
    PlaybackMessage,
    PlaybackTurned,
    Renderer,
)
from musicassist.engine.score import Score
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent

PLAYHEAD_NS: Final = 33_000_000
TURN_PATIENCE_S: Final = 0.02  # what was played before a turn may arrive a little after it
LARGEST_JITTER_TICKS: Final = 100.0
_LIT_CHANNELS: Final = (PLAYER_CHANNEL, SOLO_CHANNEL)


class Playback:
    """Starts and stops the transport, records what is played to it, and reports both.

    Args:
        renderer: What plays.
        sample_rate_hz: Frames a second.
        send: Told of every event.

    Thread: the main loop.
    """

    def __init__(
        self, renderer: Renderer, sample_rate_hz: int, send: Callable[[Event], None]
    ) -> None:
        self._renderer = renderer
        self._rate_hz = sample_rate_hz
        self._send = send
        self._playhead = Playhead(sample_rate_hz)
        self._recorder = Recorder()
        self._player: Player | None = None
        self._oldest_number = 0  # of the players that have not been stopped
        self._start_ticks = 0
        self._due: deque[PlaybackMessage | PlaybackEnded] = deque()
        self._played: list[PlaybackMessage] = []
        self._turns: deque[PlaybackTurned] = deque()
        self._lit = LitKeys()
        self._shown: HeardPlace | None = None
        self._next_playhead_ns = 0

    @property
    def is_running(self) -> bool:
        """Whether the transport runs, as far as can be heard."""
        return self._player is not None

    def play(self, command: PlayClip, now_ns: int) -> None:
        """Start the transport, or let it go on with something else."""
        score = Score(command.clip, command.timebase, self._rate_hz)
        player = Player(
            score,
            self._rate_hz,
            command.start_ticks,
            loop=command.loop,
            count_in_bars=command.count_in_bars,
            is_endless=command.is_endless,
            play_id=command.play_id,
        )
        goes_on = command.start_ticks is None and self._player is not None
        if not goes_on:
            self._hand_over(now_ns)
            self._start_ticks = max(0, command.start_ticks or 0)
        before, self._player = self._player, player
        if command.is_recording and not self._recorder.is_on:
            if goes_on and before is not None:
                self._punch_in(before, now_ns)
            else:
                self._recorder.start(self._start_ticks, player.number)
        self._renderer.play(player)
        self._next_playhead_ns = 0

    def stop(self, now_ns: int, *, is_panic: bool = False) -> None:
        """Stop the transport; with a panic, everything else that sounds too."""
        if is_panic:
            self._renderer.panic()
            self._recorder.forget_held()
        else:
            self._renderer.stop()
        if self._player is not None:
            place = self.place_at(now_ns)
            self._hand_over(now_ns)
            self._end(self._start_ticks if place is None else place.ticks)

    def set_recording(self, is_on: bool, now_ns: int) -> None:
        """Begin or end recording while the transport runs."""
        if self._player is None or is_on == self._recorder.is_on:
            return
        if is_on:
            self._punch_in(self._player, now_ns)
        else:
            self._hand_over(now_ns)
        self._next_playhead_ns = 0

    def place_at(self, time_ns: int) -> HeardPlace | None:
        """Return the place that was heard at a moment, or None when the transport stood."""
        self._learn_points()
        return self._playhead.place_at(time_ns / 1e9)

    def take_in(self, event: RawEvent, source: str, place: HeardPlace | None) -> None:
        """Record what a person played, if recording is on.

        Args:
            event: What sounds of it.
            source: Name of the port.
            place: Where it was heard.
        """
        self._recorder.add(event, source, place)

    def step(self, now_ns: int) -> list[PlaybackMessage]:
        """Report what is heard by now; return what was played since, with its moments to come."""
        self._learn_points()
        self._learn_facts()
        now_s = now_ns / 1e9
        while self._due and self._due[0].heard_s <= now_s:
            self._tell(self._due.popleft(), now_ns)
        self._turn_until(now_s - TURN_PATIENCE_S)
        self._report_playhead(now_ns)
        played, self._played = self._played, []
        return played

    def _learn_points(self) -> None:
        points = self._renderer.points
        while points:
            self._playhead.add(points.popleft())

    def _learn_facts(self) -> None:
        facts = self._renderer.facts
        while facts:
            match facts.popleft():
                case PlaybackTurned() as turned:
                    self._turns.append(turned)
                case PlaybackMessage() as message:
                    self._due.append(message)
                    self._played.append(message)
                case ended:
                    self._due.append(ended)

    def _tell(self, fact: PlaybackMessage | PlaybackEnded, now_ns: int) -> None:
        if isinstance(fact, PlaybackMessage):
            self._light(fact.status, fact.data1)
            return
        if self._recorder.is_on and fact.player.number >= self._recorder.player_number:
            self._turn_until(fact.heard_s)
            ended = self._recorder.stop(fact.end_ticks, round(fact.heard_s * 1e9))
            self._send_take(ended, now_ns)
            if self._player is not None and fact.player is not self._player:
                # It ended just before it could be taken over from; the next one begins at 0.
                self._recorder.start(0, self._player.number)
        if fact.player is self._player:
            self._end(fact.end_ticks)

    def _light(self, status: int, pitch: int) -> None:
        kind, channel = status & 0xF0, status & 0x0F
        if channel not in _LIT_CHANNELS:
            return  # a drum is no pitch, and a whole band on the keys shows nothing
        if kind == NOTE_ON:
            self._lit.press(pitch, channel)
            self._send(KeyMoved(pitch, is_down=True, is_playback=True))
        elif kind == NOTE_OFF and self._lit.let_go(pitch, channel):
            self._send(KeyMoved(pitch, is_down=False, is_playback=True))

    def _end(self, ticks: float) -> None:
        """Say that the transport stands."""
        if self._player is None:
            return
        self._oldest_number = self._player.number + 1
        play_id, self._player, self._shown = self._player.play_id, None, None
        self._send(PlayheadMoved(ticks, is_playing=False, play_id=play_id))

    def _punch_in(self, player: Player, now_ns: int) -> None:
        place = self.place_at(now_ns)
        if place is None or place.is_ahead or place.is_counting_in:
            self._recorder.start(self._start_ticks, player.number)
        else:
            self._learn_facts()
            self._turn_until(now_ns / 1e9)
            self._recorder.punch_in(place, now_ns)

    def _hand_over(self, now_ns: int) -> None:
        """End recording where it is heard now."""
        self._learn_facts()
        self._turn_until(now_ns / 1e9)
        self._turns.clear()
        place = self.place_at(now_ns)
        has_begun = place is not None and not (place.is_ahead or place.is_counting_in)
        end_ticks = place.ticks if place is not None and has_begun else self._start_ticks
        self._send_take(self._recorder.stop(end_ticks, now_ns), now_ns)

    def _turn_until(self, moment_s: float) -> None:
        """End the passes whose turn was heard by a moment."""
        while self._turns and self._turns[0].heard_s <= moment_s:
            turned = self._turns.popleft()
            at_ns = round(turned.heard_s * 1e9)
            _, _, end_ticks, start_ticks = turned.turn
            self._send_take(self._recorder.turn(end_ticks, start_ticks, at_ns), at_ns)

    def _send_take(self, recorded: TakeRecorded | None, now_ns: int) -> None:
        if recorded is not None:
            place = self.place_at(now_ns)
            player = self._player if place is None else place.player
            play_id = 0 if player is None else player.play_id
            self._send(replace(recorded, play_id=play_id))

    def _report_playhead(self, now_ns: int) -> None:
        if self._player is None or now_ns < self._next_playhead_ns:
            return
        place = self._playhead.place_at(now_ns / 1e9)
        if place is None or place.is_ahead or place.player.number < self._oldest_number:
            return
        self._next_playhead_ns = now_ns + PLAYHEAD_NS
        place = self._without_jitter(place)
        self._shown = place
        self._send(
            PlayheadMoved(
                place.ticks,
                is_playing=True,
                play_id=place.player.play_id,
                is_recording=self._recorder.is_on,
                is_counting_in=place.is_counting_in,
            )
        )

    def _without_jitter(self, place: HeardPlace) -> HeardPlace:
        """Hold the playhead where a late block would make it step back a little."""
        shown = self._shown
        if shown is None or shown.player is not place.player:
            return place
        is_back = 0 < shown.unrolled_ticks - place.unrolled_ticks < LARGEST_JITTER_TICKS
        return shown if is_back else place
