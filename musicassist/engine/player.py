"""The transport at work: what of a score falls into the next block, and at which frame of it."""

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from musicassist.audio.schedule import TimedMessage
from musicassist.engine.protocol import LoopRange
from musicassist.engine.resting import AT_REST, RELEASE_VELOCITY, ControlKey, control_key
from musicassist.engine.score import Score
from musicassist.engine.transport import Click, CountIn, Loop, loop_on
from musicassist.music.take import NOTE_OFF, NOTE_ON

_numbers = count()


class Span(NamedTuple):
    """A stretch of a block in which the transport runs straight on.

    Attributes:
        offset: Its first frame, counted from the start of the block.
        frame: The same on the time line; below the start while counting in.
        n_frames: Its length.
        count_in: The count-in it belongs to, or None.
        turning: The loop that will turn after it, or None.
        n_turns: How often the loop has turned so far.
        turned_ticks: How far back it has turned in all.
    """

    offset: int
    frame: int
    n_frames: int
    count_in: CountIn | None
    turning: Loop | None
    n_turns: int
    turned_ticks: float


class Turn(NamedTuple):
    """The transport jumps back.

    Attributes:
        offset: At which frame of the block.
        n_turns: How often it has done so, this time included.
        end_ticks: From where.
        start_ticks: To where.
    """

    offset: int
    n_turns: int
    end_ticks: float
    start_ticks: float


@dataclass(slots=True)
class Block:
    """What happens in a block; frames are counted from its start."""

    messages: list[TimedMessage] = field(default_factory=list)
    clicks: list[Click] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


class Player:
    """Plays a score from a place on.

    Positions are whole frames on the time line, so that playback is exact to the frame and nothing
    drifts. Whatever the player has struck or moved, it ends or puts back: at the end, at every turn
    of the loop, and when stopped.

    Args:
        score: What to play.
        sample_rate_hz: Frames a second.
        start_ticks: Where to begin: controls are set as they would stand there, notes that began
            earlier are left out. None takes over from the player before, at the frame where that
            one is, its count-in included; 0 when there is none.
        loop: What to play again and again. A start at or after its end plays on without turning.
        count_in_bars: Bars of click before the start.
        is_endless: Whether to run on after the end of the clip.
        play_id: Of the command that wanted it.

    Attributes:
        number: Grows by one with every player made.
        score: As given.
        frame: The next frame to be played; below the start while counting in.
        is_playing: Whether there is more to come.
        n_turns: How often the loop has turned, with the players before that were taken over from.
        turned_ticks: How far back it has turned in all.

    Thread: made by the main loop, then used by the audio callback alone, but for `number`, `score`
        and `play_id`, which never change.
    Realtime: yes.
    """

    def __init__(
        self,
        score: Score,
        sample_rate_hz: int,
        start_ticks: int | None = 0,
        *,
        loop: LoopRange | None = None,
        count_in_bars: int = 0,
        is_endless: bool = False,
        play_id: int = 0,
    ) -> None:
        self.number = next(_numbers)
        self.score = score
        self.play_id = play_id
        self.loop = loop_on(score.line, loop, sample_rate_hz)
        self.is_playing = False
        self.frame = 0
        self.n_turns = 0
        self.turned_ticks = 0.0
        self._wanted_ticks = start_ticks
        self._count_in_bars = max(0, count_in_bars)
        self._is_endless = is_endless
        self._count_in: CountIn | None = None
        self._turning: Loop | None = None
        self._start_ticks = 0
        self._next = 0
        self._next_click: Click | None = None
        self._chased: list[TimedMessage] = []
        self._loop_chased = (
            [] if self.loop is None else list(score.controls_at(self.loop.start_frame).values())
        )
        self._sounding: set[tuple[int, int]] = set()
        self._moved: dict[ControlKey, TimedMessage] = {}

    def begin(self, before: "Player | None") -> tuple[list[TimedMessage], Turn | None]:
        """Get ready for the next block.

        Args:
            before: Who plays now; it plays no more afterwards.

        Returns:
            What ends or hands over what the one before sounds, at frame 0, and the turn it means
            when the place taken over lies behind the end of this player's loop.
        """
        self.is_playing = True
        if before is not None and before.is_playing and self._wanted_ticks is None:
            return self._take_over(before)
        ended = [] if before is None else before.stop()
        self._start_at(max(0, self._wanted_ticks or 0))
        return ended, None

    def advance(self, n_frames: int, is_clicking: bool = False) -> Block:
        """Return what happens in the next block.

        Args:
            n_frames: Its length.
            is_clicking: Whether the metronome is wanted; a count-in clicks anyway.
        """
        block, done = Block(), 0
        while self.is_playing:
            if self._count_in is not None:
                done += self._advance_count_in(self._count_in, done, n_frames - done, block)
            else:
                done += self._advance_music(done, n_frames - done, block, is_clicking)
            if done == n_frames:
                break
        return block

    def stop(self) -> list[TimedMessage]:
        """End playback; return what ends every note and frees every control, at frame 0."""
        self.is_playing = False
        return self._silence(0)

    @property
    def place_ticks(self) -> float:
        """Where the music stands; not while counting in."""
        if self.frame == self.score.length_frames:
            return self.score.length_ticks  # not a rounded frame of it
        return self.score.line.ticks_at(self.frame)

    def _start_at(self, ticks: int) -> None:
        self._start_ticks = ticks
        self._place_at(self.score.line.frame_at(ticks))
        self._chased = list(self.score.controls_at(self.frame).values())
        timebase = self.score.timebase
        length_ticks = self._count_in_bars * timebase.meter_at(ticks).bar_ticks
        if length_ticks > 0:
            self._count_in_from(ticks, length_ticks)

    def _count_in_from(self, start_ticks: int, length_ticks: float) -> None:
        score = self.score
        self._count_in = CountIn(score.timebase, score.line, start_ticks, length_ticks)
        self.frame = self._count_in.start_frame - self._count_in.n_frames
        self._next_click = None

    def _place_at(self, frame: int) -> None:
        self.frame = frame
        self._next = self.score.index_at(frame)
        self._next_click = None
        turns = self.loop is not None and frame < self.loop.end_frame
        self._turning = self.loop if turns else None

    def _take_over(self, before: "Player") -> tuple[list[TimedMessage], Turn | None]:
        self.n_turns, self.turned_ticks = before.n_turns, before.turned_ticks
        before.is_playing = False
        if (count_in := before._count_in) is not None:
            left_ticks = (count_in.start_frame - before.frame) / count_in.tick_frames
            self._count_in_bars = 0
            self._start_at(before._start_ticks)
            self._count_in_from(before._start_ticks, left_ticks)
            return before._silence(0), None
        self._start_ticks = before._start_ticks
        ticks, turn = before.place_ticks, None
        if self.loop is not None and before._turning is not None:
            wanted = self.loop.range
            if ticks >= wanted.end_ticks:
                place_ticks = (
                    wanted.start_ticks + (ticks - wanted.start_ticks) % self.loop.length_ticks
                )
                turn = self._turn_back(0, ticks, place_ticks)
                ticks = place_ticks
        self._place_at(self.score.line.frame_at(ticks))
        if before._turning is None and before.loop is not None:
            self._turning = None  # it has been past its loop, and goes on so
        return self._hand_over(before), turn

    def _hand_over(self, before: "Player") -> list[TimedMessage]:
        """Take over what sounds here too, and end the rest; move only controls that differ."""
        standing = self.score.controls_at(self.frame)
        messages: list[TimedMessage] = []
        for channel, pitch in sorted(before._sounding):
            if self.score.holds(channel, pitch, self.frame):
                self._sounding.add((channel, pitch))
            else:
                messages.append(TimedMessage(0, NOTE_OFF | channel, pitch, RELEASE_VELOCITY))
        for key, moved in before._moved.items():
            if key not in standing:
                messages += _put_back(key, 0)
            elif moved[1:] == standing[key][1:]:
                self._moved[key] = standing.pop(key)
        self._chased = list(standing.values())
        return messages

    def _advance_count_in(self, count_in: CountIn, done: int, n_left: int, block: Block) -> int:
        n_frames = min(n_left, count_in.start_frame - self.frame)
        self._add_span(block, done, n_frames)
        click = self._next_click or count_in.next_from(self.frame)
        while click is not None and click.frame < self.frame + n_frames:
            block.clicks.append(click._replace(frame=click.frame - self.frame + done))
            click = count_in.next_from(click.frame + 1)
        self._next_click = click
        self.frame += n_frames
        if self.frame >= count_in.start_frame:
            self._count_in = None
            self._next_click = None
        return n_frames

    def _advance_music(self, done: int, n_left: int, block: Block, is_clicking: bool) -> int:
        self._follow(self._chased, done, block)
        self._chased = []
        stop_frame = self._stop_frame
        n_frames = n_left if stop_frame is None else max(0, min(n_left, stop_frame - self.frame))
        end_frame = self.frame + n_frames
        self._add_span(block, done, n_frames)
        if is_clicking:
            self._click_until(end_frame, done - self.frame, block)
        # What stands on the clip's last line belongs to its end, not to the next block.
        is_end = end_frame == stop_frame and self._turning is None
        last = self.score.index_at(end_frame + 1 if is_end else end_frame)
        self._follow(self.score.messages[self._next : last], done - self.frame, block)
        self._next, self.frame = last, end_frame
        if stop_frame is not None and end_frame >= stop_frame:
            self._reach_end(done + n_frames, block)
        return n_frames

    @property
    def _stop_frame(self) -> int | None:
        """Where the straight way ends: at the turn, at the end of the clip, or nowhere."""
        if self._turning is not None:
            return self._turning.end_frame
        return None if self._is_endless else self.score.length_frames

    def _reach_end(self, offset: int, block: Block) -> None:
        block.messages += self._silence(offset)
        if self._turning is None:
            self.is_playing = False
            return
        loop = self._turning.range
        block.turns.append(self._turn_back(offset, loop.end_ticks, loop.start_ticks))
        self._place_at(self._turning.start_frame)
        self._chased = self._loop_chased

    def _turn_back(self, offset: int, end_ticks: float, start_ticks: float) -> Turn:
        self.n_turns += 1
        self.turned_ticks += end_ticks - start_ticks
        return Turn(offset, self.n_turns, end_ticks, start_ticks)

    def _add_span(self, block: Block, offset: int, n_frames: int) -> None:
        if n_frames > 0:
            place = (self._count_in, self._turning, self.n_turns, self.turned_ticks)
            block.spans.append(Span(offset, self.frame, n_frames, *place))

    def _click_until(self, end_frame: int, shift: int, block: Block) -> None:
        click = self._next_click
        if click is None or click.frame < self.frame:
            click = self.score.clicks.next_from(self.frame)
        while click.frame < end_frame:
            block.clicks.append(click._replace(frame=click.frame + shift))
            click = self.score.clicks.next_after(click)
        self._next_click = click

    def _follow(
        self,
        messages: list[TimedMessage] | tuple[TimedMessage, ...],
        shift: int,
        block: Block,
    ) -> None:
        for message in messages:
            kind, channel = message.status & 0xF0, message.status & 0x0F
            if kind == NOTE_ON:
                self._sounding.add((channel, message.data1))
            elif kind == NOTE_OFF:
                if (channel, message.data1) not in self._sounding:
                    continue  # of a note left out, or cut at the turn
                self._sounding.discard((channel, message.data1))
            else:
                self._moved[control_key(message.status, message.data1)] = message
            block.messages.append(message._replace(frame=message.frame + shift))

    def _silence(self, frame: int) -> list[TimedMessage]:
        ends = [
            TimedMessage(frame, NOTE_OFF | channel, pitch, RELEASE_VELOCITY)
            for channel, pitch in sorted(self._sounding)
        ]
        for key in self._moved:
            ends += _put_back(key, frame)
        self._sounding.clear()
        self._moved.clear()
        return ends


def _put_back(key: ControlKey, frame: int) -> list[TimedMessage]:
    status, controller = key
    rest = AT_REST.get((status & 0xF0, controller))
    return [] if rest is None else [TimedMessage(frame, status, *rest)]
