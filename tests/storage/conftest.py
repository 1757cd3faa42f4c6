"""Session files to work on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent
from musicassist.storage import journal as journal_module
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent

PATIENCE_S = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Session.musicassist"


def note(number: int, time_ns: int | None = None) -> PlayedEvent:
    """Return a note-on or note-off that can be told from others by its moment."""
    kind = NOTE_OFF if number % 2 else NOTE_ON
    event = RawEvent(number if time_ns is None else time_ns, kind, 40 + number // 2 % 60, 80)
    return PlayedEvent(event, "V49", number / 2 if number % 3 else None)


def notes(n_events: int, first: int = 0) -> tuple[PlayedEvent, ...]:
    return tuple(note(first + number) for number in range(n_events))


MakeJournal = Callable[..., Journal]


@pytest.fixture
def journal(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeJournal]:
    monkeypatch.setattr(journal_module, "SETTLE_S", 0.0)
    made: list[Journal] = []

    def open_journal(
        on_kept: Callable[[int], None] = lambda n_events: None,
        on_failed: Callable[[Exception], None] | None = None,
    ) -> Journal:
        def fail(error: Exception) -> None:
            failures.append(error)

        failures: list[Exception] = []
        made.append(Journal(path, on_kept, on_failed or fail))
        return made[-1]

    yield open_journal
    for each in made:
        each.close(is_orderly=False)
