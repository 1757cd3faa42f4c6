"""What is played, kept in the session file: the engine's side of it."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musicassist.engine.capture import Capture
from musicassist.engine.protocol import (
    EngineTrouble,
    Event,
    KeepingIn,
    PhraseCaptured,
    PlayingKept,
)
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

    Thread: the main loop.
    """

    def __init__(self, path: Path | None, send: Callable[[Event], None]) -> None:
        self._send = send
        self._troubles: deque[MusicAssistError] = deque()
        self._kept = _Kept()
        self._n_told = 0
        self._next_tell_ns = 0
        self._path = path
        self._before: dict[Path, Journal] = {}  # that the window has not let go
        self._journal: Journal | None = None
        self._open()

    @property
    def is_keeping(self) -> bool:
        """Whether there is a session file."""
        return self._journal is not None

    def hand_over_recovered(self) -> None:
        """Say where what is played is kept, and hand over what an engine that died had not."""
        self._tell_files()
        recovered = () if self._journal is None else self._journal.recovered()
        for take in _phrases_of(recovered):
            self._send(PhraseCaptured(take, was_recovered=True))
        if recovered:  # even if no phrase is in it: an older one may be waiting behind it
            self.finish_phrase()

    def keep_in(self, path: Path) -> None:
        """Keep what comes from now on in another file.

        What came before must have been handed over. The file before stays open until `let_go`: if
        this process is left alone before that, what was handed over comes back from there.
        """
        if path == self._path and self._journal is not None:
            self._tell_files()
        else:
            if self._path is not None and self._journal is not None:
                self._before[self._path] = self._journal
            self._let_go(path)  # back before it was let go: all of it has been handed over
            self._path, self._journal = path, None
            self._n_told = 0
            self._open()
            self.hand_over_recovered()

    def let_go(self, path: Path) -> None:
        """Close a file that was kept in before: the window has saved what it was handed."""
        self._let_go(path)
        self._tell_files()

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
        n_kept = self._kept.n_events
        if n_kept != self._n_told and now_ns >= self._next_tell_ns:
            self._next_tell_ns = now_ns + TELL_NS
            self._n_told = n_kept
            self._send(PlayingKept(self._n_told))

    def close(self, *, is_orderly: bool) -> None:
        """Keep the rest.

        Args:
            is_orderly: Whether nothing is left that has not been handed over.
        """
        if self._journal is not None:
            self._journal.close(is_orderly=is_orderly)
            self._journal = None
        while self._before:
            self._before.popitem()[1].close(is_orderly=is_orderly)

    def _open(self) -> None:
        path = self._path
        if path is None:
            return
        self._kept = _Kept()
        try:
            self._journal = Journal(path, self._kept.take_note, self._troubles.append)
        except SessionFileError as problem:
            self._troubles.append(problem)

    def _let_go(self, path: Path) -> None:
        if (journal := self._before.pop(path, None)) is not None:
            journal.close()

    def _tell_files(self) -> None:
        if self._path is not None:
            before = tuple(str(path) for path in self._before)
            self._send(KeepingIn(str(self._path), self.is_keeping, before))


class _Kept:
    """How much of what was played is in one file, so that a late word of another changes nothing.

    Thread: any.
    """

    def __init__(self) -> None:
        self.n_events = 0

    def take_note(self, n_events: int) -> None:
        """Take note of a commit.

        Thread: the journal's.
        """
        self.n_events = n_events


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
