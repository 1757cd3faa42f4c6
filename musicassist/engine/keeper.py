"""What is played, kept in the session file: the engine's side of it."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musicassist.engine.capture import Capture
from musicassist.engine.protocol import EngineTrouble, Event, PhraseCaptured, PlayingKept
from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.music.take import RawEvent, Take
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent

TELL_NS: Final = 50_000_000


class Keeper:
    """Keeps every event as it comes, and tells how far that has got.

    Args:
        path: The session file; None keeps nothing.
        send: Told of every event.

    Thread: the main loop, but for what the journal calls on its thread.
    """

    def __init__(self, path: Path | None, send: Callable[[Event], None]) -> None:
        self._send = send
        self._troubles: deque[MusicAssistError] = deque()
        self._n_kept = 0
        self._n_told = 0
        self._next_tell_ns = 0
        self._journal: Journal | None = None
        if path is not None:
            try:
                self._journal = Journal(path, self._on_kept, self._troubles.append)
            except SessionFileError as problem:
                self._troubles.append(problem)

    @property
    def is_keeping(self) -> bool:
        """Whether there is a session file."""
        return self._journal is not None

    def hand_over_recovered(self) -> None:
        """Hand over what an engine that died had not handed over."""
        recovered = () if self._journal is None else self._journal.recovered()
        for take in _phrases_of(recovered):
            self._send(PhraseCaptured(take, was_recovered=True))
        if recovered:  # even if no phrase is in it: an older one may be waiting behind it
            self.finish_phrase()

    def keep(self, event: RawEvent, source: str, place_ticks: float | None) -> None:
        """Keep an event; returns at once."""
        if self._journal is not None:
            self._journal.add(PlayedEvent(event, source, place_ticks))

    def finish_phrase(self) -> None:
        """Take note that everything so far has been handed over."""
        if self._journal is not None:
            self._journal.finish_phrase()

    def step(self, now_ns: int) -> None:
        """Tell what has been kept, and what went wrong."""
        while self._troubles:
            trouble = self._troubles.popleft()
            self._send(EngineTrouble(trouble.what, trouble.hint))
        if self._n_kept != self._n_told and now_ns >= self._next_tell_ns:
            self._next_tell_ns = now_ns + TELL_NS
            self._n_told = self._n_kept
            self._send(PlayingKept(self._n_told))

    def close(self, *, is_orderly: bool) -> None:
        """Keep the rest.

        Args:
            is_orderly: Whether nothing is left that has not been handed over.
        """
        if self._journal is not None:
            self._journal.close(is_orderly=is_orderly)
            self._journal = None

    def _on_kept(self, n_kept: int) -> None:
        """Take note of a commit.

        Thread: the journal's.
        """
        self._n_kept = n_kept


def _phrases_of(played: tuple[PlayedEvent, ...]) -> list[Take]:
    """Return the phrases in what was played, keys still down ended where it breaks off."""
    if not played:
        return []
    capture, takes = Capture(), list[Take]()
    for each in played:
        takes += capture.check(each.event.time_ns)
        capture.add(each.event, each.source, each.place_ticks)
    if capture.is_gathering:
        takes += capture.grab(played[-1].event.time_ns)
    return [take for take in takes if take.n_notes]
