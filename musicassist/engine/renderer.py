"""The sound of one block: live keys, playback, volume, limiter."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from musicassist.audio.limiter import Limiter
from musicassist.audio.schedule import TimedMessage
from musicassist.audio.synth import Frames, Synth, send_message
from musicassist.engine.player import Player
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent

PLAYBACK_LANE = 0
LIVE_LANE = 1


@dataclass(frozen=True, slots=True)
class PlaybackKey:
    """The player struck or ended a note, heard at a moment of `time.perf_counter`."""

    heard_s: float
    pitch: int
    is_down: bool


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """Playback came to its end by itself, heard at a moment of `time.perf_counter`."""

    heard_s: float
    player: Player


@dataclass(frozen=True, slots=True)
class HeardPosition:
    """Where playback is heard at a moment: the line the playhead is drawn from."""

    heard_s: float
    frame: int
    player: Player


class Renderer:
    """Fills blocks of sound; the only one to touch synth and player once the stream runs.

    The main loop and the audio callback share deques (append and popleft never block) and single
    attributes that are replaced whole.

    Args:
        synth: What makes the sound.
        sample_rate_hz: Frames a second.

    Attributes:
        live: Append what a person plays; sounded at the start of the next block.
        facts: Take from here what playback did.
        position: The latest point of the playhead's line, or None while nothing plays.
        n_faults: How many blocks stayed silent because of a mistake in the program.
        n_sounding: Voices that sounded at the end of the last block.

    Thread: `fill` on the audio callback; all else on the main loop; `live` from anywhere.
    """

    def __init__(self, synth: Synth, sample_rate_hz: int) -> None:
        self._synth = synth
        self._sample_rate_hz = sample_rate_hz
        self._limiter = Limiter(sample_rate_hz)
        self._player: Player | None = None
        self._wishes: deque[Player | str] = deque()
        self._wanted_gain = 1.0
        self._gain = 1.0
        self.live: deque[RawEvent] = deque()
        self.facts: deque[PlaybackKey | PlaybackEnded] = deque()
        self.position: HeardPosition | None = None
        self.n_faults = 0
        self.n_sounding = 0

    def play(self, player: Player) -> None:
        """Play this from the next block on, instead of whatever plays."""
        self._wishes.append(player)

    def stop(self) -> None:
        """Stop playback with the next block."""
        self._wishes.append("stop")

    def panic(self) -> None:
        """Stop playback and silence everything with the next block."""
        self._wishes.append("panic")

    def set_gain(self, gain: float) -> None:
        """Make everything louder or softer; 1 is as it is."""
        self._wanted_gain = gain

    def fill(self, block: Frames, heard_s: float) -> None:
        """Fill a block; silence if anything goes wrong.

        Args:
            block: float32 (n_frames, 2), overwritten.
            heard_s: When its first frame is heard, on the clock of `time.perf_counter`.

        Thread: the audio callback.
        Realtime: never waits, locks or raises.
        """
        try:
            self._obey_wishes(heard_s)
            self._play_live()
            self._render(block, heard_s)
            self._apply_gain(block)
            self._limiter.process(block)
            self.n_sounding = self._synth.n_sounding
        except Exception:  # noqa: BLE001  (an exception would end the stream for good)
            block[:] = 0
            self.n_faults += 1

    def _obey_wishes(self, heard_s: float) -> None:
        while self._wishes:
            wish = self._wishes.popleft()
            if self._player is not None:
                for message in self._player.stop():
                    self._send(message, heard_s)
                self._player = None
                self.position = None
            if isinstance(wish, Player):
                self._player = wish
            elif wish == "panic":
                self._synth.all_off()

    def _play_live(self) -> None:
        while self.live:
            event = self.live.popleft()
            send_message(self._synth, LIVE_LANE, event.status, event.data1, event.data2)

    def _render(self, block: Frames, heard_s: float) -> None:
        n_frames, player, done = len(block), self._player, 0
        if player is not None:
            start_frame = player.frame
            self.position = HeardPosition(heard_s, start_frame, player)
            for message in player.advance(n_frames):
                if message.frame > done:
                    block[done : message.frame] = self._synth.render(message.frame - done)
                    done = message.frame
                self._send(message, heard_s)
            if not player.is_playing:
                ended_s = heard_s + (player.frame - start_frame) / self._sample_rate_hz
                self.facts.append(PlaybackEnded(ended_s, player))
                self._player = None
                self.position = None
        if done < n_frames:
            block[done:] = self._synth.render(n_frames - done)

    def _send(self, message: TimedMessage, heard_s: float) -> None:
        send_message(self._synth, PLAYBACK_LANE, message.status, message.data1, message.data2)
        kind = message.status & 0xF0
        if kind in (NOTE_ON, NOTE_OFF):
            at_s = heard_s + message.frame / self._sample_rate_hz
            self.facts.append(PlaybackKey(at_s, message.data1, kind == NOTE_ON))

    def _apply_gain(self, block: Frames) -> None:
        before, wanted = self._gain, self._wanted_gain
        if before != wanted:
            ramp = np.linspace(before, wanted, len(block), dtype=np.float32)
            block *= ramp[:, None]
            self._gain = wanted
        elif wanted != 1.0:
            block *= np.float32(wanted)
