"""The sound of one block: live keys, playback, room, click, volume, limiter."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from musicassist.audio.click import ClickSounds, click_sounds
from musicassist.audio.echo import Echo
from musicassist.audio.limiter import Limiter
from musicassist.audio.schedule import TimedMessage
from musicassist.audio.synth import Frames, Synth, send_message
from musicassist.engine.live import LiveLane
from musicassist.engine.player import Block, Player, Turn
from musicassist.engine.playhead import HeardPoint
from musicassist.engine.transport import Click
from musicassist.music.take import RawEvent

PLAYBACK_LANE: Final = 0

_LOAD_EASE: Final = 0.02  # of each new block: half a second of blocks weighs in


class PlaybackMessage(NamedTuple):
    """The player sent this, heard at a moment of `time.perf_counter`."""

    heard_s: float
    status: int
    data1: int
    data2: int


class PlaybackTurned(NamedTuple):
    """The transport jumped back, heard at a moment of `time.perf_counter`."""

    heard_s: float
    player: Player
    turn: Turn


class PlaybackEnded(NamedTuple):
    """Playback came to its end by itself, heard at a moment of `time.perf_counter`."""

    heard_s: float
    player: Player
    end_ticks: float


PlaybackFact = PlaybackMessage | PlaybackTurned | PlaybackEnded


@dataclass(frozen=True, slots=True)
class _Stop:
    is_panic: bool = False


@dataclass(frozen=True, slots=True)
class _ChannelGain:
    channel: int
    gain: float


@dataclass(frozen=True, slots=True)
class _Program:
    channel: int
    program: int


class Renderer:
    """Fills blocks of sound; the only one to touch synth and player once the stream runs.

    The main loop and the audio callback share deques (append and popleft never block) and single
    attributes that are replaced whole.

    Args:
        synth: What makes the sound.
        sample_rate_hz: Frames a second.
        clock_s: Measures how long a block takes; another one in tests.

    Attributes:
        live: Append what a person plays and where; sounded at the start of the next block.
        facts: Take from here what playback did, block by block.
        points: Take from here what is heard when.
        metronome: Whether it clicks, and whether bars are accented.
        n_faults: How many blocks stayed silent because of a mistake in the program.
        n_sounding: Voices that sounded at the end of the last block.
        load: Share of the time of a block that rendering it takes, smoothed.
        block_frames: Length of the last block.

    Thread: `fill` on the audio callback; all else on the main loop; `live` from anywhere.
    """

    def __init__(
        self,
        synth: Synth,
        sample_rate_hz: int,
        clock_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._synth = synth
        self._sample_rate_hz = sample_rate_hz
        self._clock_s = clock_s
        self._limiter = Limiter(sample_rate_hz)
        self._echo = Echo(sample_rate_hz)
        self._live_lane = LiveLane(synth)
        self._clicks = _ClickVoice(click_sounds(sample_rate_hz))
        self._player: Player | None = None
        self._wishes: deque[Player | _Stop | _ChannelGain | _Program] = deque()
        self._wanted_gain = 1.0
        self._gain = 1.0
        self.live: deque[tuple[str, RawEvent]] = deque()
        self.facts: deque[PlaybackFact] = deque()
        self.points: deque[HeardPoint] = deque()
        self.metronome = (False, True)
        self.n_faults = 0
        self.n_sounding = 0
        self.load = 0.0
        self.block_frames = 0

    def play(self, player: Player) -> None:
        """Play this from the next block on, instead of whatever plays."""
        self._wishes.append(player)

    def stop(self) -> None:
        """Stop playback with the next block."""
        self._wishes.append(_Stop())

    def panic(self) -> None:
        """Stop playback and silence everything with the next block."""
        self._wishes.append(_Stop(is_panic=True))

    def set_gain(self, gain: float) -> None:
        """Make everything louder or softer; 1 is as it is."""
        self._wanted_gain = gain

    def set_room(self, amount: float) -> None:
        """Let more or less of a room be heard around everything but the click, 0-1."""
        self._echo.amount = min(1.0, amount) if amount > 0 else 0.0

    def set_click_gain(self, gain: float) -> None:
        """Make the click louder or softer; 1 is as it is."""
        self._clicks.gain = gain

    def set_channel_gain(self, channel: int, gain: float) -> None:
        """Make a channel of the synth, 0-31, louder or softer; 1 is as it is."""
        self._wishes.append(_ChannelGain(channel, gain))

    def select_program(self, channel: int, program: int) -> None:
        """Give a channel of the synth, 0-31, another sound."""
        self._wishes.append(_Program(channel, program))

    def fill(self, block: Frames, heard_s: float) -> None:
        """Fill a block; silence if anything goes wrong.

        Args:
            block: float32 (n_frames, 2), overwritten.
            heard_s: When its first frame is heard, on the clock of `time.perf_counter`.

        Thread: the audio callback.
        Realtime: never waits, locks or raises.
        """
        began_s = self._clock_s()
        try:
            self._obey_wishes(heard_s)
            self._play_live()
            self._render(block, heard_s)
            self._echo.process(block)
            self._clicks.mix_into(block)
            self._apply_gain(block)
            self._limiter.process(block)
            self.n_sounding = self._synth.n_sounding
        except Exception:  # noqa: BLE001  (an exception would end the stream for good)
            block[:] = 0
            self.n_faults += 1
        self.block_frames = len(block)
        if self.block_frames:
            block_s = self.block_frames / self._sample_rate_hz
            self.load += _LOAD_EASE * ((self._clock_s() - began_s) / block_s - self.load)

    def _obey_wishes(self, heard_s: float) -> None:
        while self._wishes:
            match self._wishes.popleft():
                case Player() as player:
                    self._begin(player, heard_s)
                case _Stop(is_panic):
                    self._stop_playing(heard_s)
                    if is_panic:
                        self._play_live()  # what was played before it must not outlive it
                        self._synth.all_off()
                        self._echo.silence()
                        self._live_lane.forget()
                        self._clicks.silence()
                case _ChannelGain(channel, gain):
                    self._synth.set_channel_gain(channel, gain)
                case _Program(channel, program):
                    self._synth.select_program(channel, program)

    def _begin(self, player: Player, heard_s: float) -> None:
        messages, turn = player.begin(self._player)
        for message in messages:
            self._send(message, heard_s)
        if turn is not None:
            self.facts.append(PlaybackTurned(heard_s, player, turn))
        self._player = player

    def _stop_playing(self, heard_s: float) -> None:
        if self._player is not None:
            for message in self._player.stop():
                self._send(message, heard_s)
            self._player = None
            self.points.append(HeardPoint(heard_s))

    def _play_live(self) -> None:
        while self.live:
            self._live_lane.play(*self.live.popleft())

    def _render(self, block: Frames, heard_s: float) -> None:
        n_frames, done = len(block), 0
        if self._player is not None:
            happening = self._player.advance(n_frames, self.metronome[0])
            for message in happening.messages:
                if message.frame > done:
                    block[done : message.frame] = self._synth.render(message.frame - done)
                    done = message.frame
                self._send(message, heard_s)
            self._report(self._player, happening, heard_s)
            for click in happening.clicks:
                self._clicks.start(click, is_accented=click.is_accented and self.metronome[1])
        if done < n_frames:
            block[done:] = self._synth.render(n_frames - done)

    def _report(self, player: Player, happening: Block, heard_s: float) -> None:
        end_s = heard_s
        for span in happening.spans:
            at_s = heard_s + span.offset / self._sample_rate_hz
            end_s = at_s + span.n_frames / self._sample_rate_hz
            self.points.append(HeardPoint(at_s, player, span))
        for turn in happening.turns:
            at_s = heard_s + turn.offset / self._sample_rate_hz
            self.facts.append(PlaybackTurned(at_s, player, turn))
        if not player.is_playing:
            self.facts.append(PlaybackEnded(end_s, player, player.place_ticks))
            self.points.append(HeardPoint(end_s))
            self._player = None

    def _send(self, message: TimedMessage, heard_s: float) -> None:
        _, status, data1, data2 = message
        send_message(self._synth, PLAYBACK_LANE, status, data1, data2)
        at_s = heard_s + message.frame / self._sample_rate_hz
        self.facts.append(PlaybackMessage(at_s, status, data1, data2))

    def _apply_gain(self, block: Frames) -> None:
        before, wanted = self._gain, self._wanted_gain
        if before != wanted:
            ramp = np.linspace(before, wanted, len(block), dtype=np.float32)
            block *= ramp[:, None]
            self._gain = wanted
        elif wanted != 1.0:
            block *= np.float32(wanted)


class _ClickVoice:
    """The metronome's sound: starts at any frame, rings on over blocks.

    Thread: the audio callback, but for `gain`, which the main loop sets.
    Realtime: yes.
    """

    def __init__(self, sounds: ClickSounds) -> None:
        self.gain = 1.0
        self._sounds = sounds
        self._ringing: list[tuple[Frames, int]] = []  # and the frame of the block it starts at

    def start(self, click: Click, *, is_accented: bool) -> None:
        """Click in the block at hand."""
        sound = self._sounds.accent if is_accented else self._sounds.plain
        self._ringing.append((sound, click.frame))

    def silence(self) -> None:
        """Ring no more."""
        self._ringing.clear()

    def mix_into(self, block: Frames) -> None:
        """Add what rings to a block."""
        if not self._ringing:
            return
        n_frames, left = len(block), []
        for sound, offset in self._ringing:
            part = sound[: n_frames - offset]
            block[offset : offset + len(part)] += part * np.float32(self.gain)
            if len(part) < len(sound):
                left.append((sound[len(part) :], 0))
        self._ringing = left
