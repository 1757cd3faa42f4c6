"""Session files that have come to harm: what can be read is kept, and nothing ever crashes."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from musicassist.errors import SessionFileError
from musicassist.music.session import Session
from musicassist.storage import journal as journal_module
from musicassist.storage.database import log_of
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent
from musicassist.storage.recovery import open_session_file
from musicassist.storage.session_file import SessionFile
from tests.storage.conftest import notes

N_EVENTS = 3_000
N_FINISHED = 2_990


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a file of two runs and three sessions; the second run died in a phrase."""
    path = tmp_path_factory.mktemp("healthy") / "Session.musicassist"
    first = Journal(path, lambda n_events: None, lambda error: None)
    for each in notes(100):
        first.add(each)
    first.close()
    for number in range(3):
        file = SessionFile(path)
        file.save_session(Session(name=f"session {number}"))
        file.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_module, "SETTLE_S", 0.0)
        second = Journal(path, lambda n_events: None, lambda error: None)
        for number, each in enumerate(notes(N_EVENTS, first=100)):
            if number == N_FINISHED:
                second.finish_phrase()
            second.add(each)
        second.close(is_orderly=False)
    assert not log_of(path).exists()
    return path.read_bytes()


def opened(path: Path) -> tuple[Session | None, tuple[tuple[PlayedEvent, ...], ...], str]:
    """Open a file as a window does; return the session, what was played, and what is told."""
    file, problem = open_session_file(path)
    try:
        runs = tuple(run for run in file.played() if run)
        return file.load_session(), runs, "" if problem is None else str(problem)
    finally:
        file.close()


def test_a_healthy_file_opens_as_it_is(path: Path, healthy: bytes) -> None:
    path.write_bytes(healthy)
    session, runs, told = opened(path)
    assert session == Session(name="session 2")
    assert runs == (notes(100), notes(N_EVENTS, first=100))
    assert told == ""


@pytest.mark.parametrize("n_bytes", [1, 16, 40, 100])
def test_a_file_whose_head_is_gone_is_read_all_the_same(
    path: Path, healthy: bytes, n_bytes: int
) -> None:
    path.write_bytes(bytes(min(n_bytes, 24)) + healthy[min(n_bytes, 24) :])
    session, runs, told = opened(path)
    assert session == Session(name="session 2")
    assert runs == (notes(100), notes(N_EVENTS, first=100))
    assert "the last session and" in told
    assert "Session.damaged.musicassist" in told
    assert path.with_name("Session.damaged.musicassist").exists()


def test_of_a_file_cut_short_what_stands_before_the_cut_is_read(path: Path, healthy: bytes) -> None:
    path.write_bytes(healthy[: len(healthy) * 2 // 3])
    session, runs, told = opened(path)
    assert session == Session(name="session 2")
    assert runs[0] == notes(100)
    assert "the last session and" in told


def test_of_a_damaged_table_both_ends_are_read(path: Path, healthy: bytes) -> None:
    path.write_bytes(_without_page_of(healthy, "played"))
    session, runs, _ = opened(path)
    assert session == Session(name="session 2")
    played = [each for run in runs for each in run]
    everything = [*notes(100), *notes(N_EVENTS, first=100)]
    assert len(everything) > len(played) > N_EVENTS // 2
    assert played[:50] == everything[:50]
    assert played[-50:] == everything[-50:]
    assert [each for each in everything if each in set(played)] == played


def _without_page_of(content: bytes, table: str) -> bytes:
    """Overwrite a page in the middle of a table; found by the names in its rows."""
    page_size = 4096
    pages = [content[at : at + page_size] for at in range(0, len(content), page_size)]
    full = [number for number, page in enumerate(pages) if page.count(b"V49") > 50]
    pages[full[len(full) // 2]] = b"\xff" * page_size
    assert table == "played"
    return b"".join(pages)


def test_a_phrase_under_way_survives_the_mending(path: Path, healthy: bytes) -> None:
    path.write_bytes(b"\xff" * 24 + healthy[24:])
    opened(path)
    journal = Journal(path, lambda n_events: None, lambda error: None)
    assert journal.recovered() == notes(N_EVENTS - N_FINISHED, first=100 + N_FINISHED)
    journal.finish_phrase()
    journal.close()
    journal = Journal(path, lambda n_events: None, lambda error: None)
    assert journal.recovered() == ()
    journal.close()


def test_what_stands_only_in_the_log_is_read_too(path: Path) -> None:
    file = SessionFile(path)
    file.save_session(Session(name="only in the log"))
    content, log = path.read_bytes(), log_of(path).read_bytes()
    file.close()
    path.write_bytes(b"\xff" * 16 + content[16:])
    log_of(path).write_bytes(log)
    session, _, told = opened(path)
    assert session == Session(name="only in the log")
    assert "the last session" in told
    assert path.with_name("Session.damaged.musicassist-wal").exists()


def test_where_nothing_can_be_read_one_starts_anew_and_the_file_is_kept(path: Path) -> None:
    path.write_bytes(bytes(50_000))
    session, runs, told = opened(path)
    assert (session, runs) == (None, ())
    assert "no session and 0 played notes" in told
    assert path.with_name("Session.damaged.musicassist").read_bytes() == bytes(50_000)
    assert opened(path)[2] == ""


def test_each_damaged_file_is_kept(path: Path) -> None:
    for number in range(3):
        path.write_bytes(bytes([number]) * 5_000)
        opened(path)
        path.unlink()
    kept = {each.read_bytes()[0] for each in path.parent.glob("*.damaged*.musicassist")}
    assert kept == {0, 1, 2}


def test_a_file_that_cannot_be_put_aside_is_one_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_bytes(bytes(5_000))
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SessionFileError, match="is damaged and cannot be put aside"):
        open_session_file(path)
    assert path.read_bytes() == bytes(5_000)


def flip(content: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 3, 30))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def scribble(content: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(content))
    end = start + rng.choice((4, 100, 5_000))
    content[start:end] = rng.randbytes(len(content[start:end]))


def cut(content: bytearray, rng: random.Random) -> None:
    del content[rng.randrange(len(content)) :]


def grow(content: bytearray, rng: random.Random) -> None:
    content += rng.randbytes(rng.choice((1, 4096, 10_000)))


def swap_pages(content: bytearray, rng: random.Random) -> None:
    first, second = (rng.randrange(len(content) // 4096) * 4096 for _ in range(2))
    page = content[first : first + 4096]
    content[first : first + 4096] = content[second : second + 4096]
    content[second : second + 4096] = page


def change_head(content: bytearray, rng: random.Random) -> None:
    content[rng.randrange(100)] = rng.randrange(256)


def change_a_page_s_head(content: bytearray, rng: random.Random) -> None:
    page = rng.randrange(len(content) // 4096) * 4096
    content[page + rng.randrange(12) + (100 if page == 0 else 0)] = rng.randrange(256)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    scribble,
    cut,
    grow,
    swap_pages,
    change_head,
    change_a_page_s_head,
)


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_no_mutant_ever_crashes_and_every_one_can_be_worked_with(
    tmp_path: Path, healthy: bytes, mutate: Callable[[bytearray, random.Random], None]
) -> None:
    everything = {*notes(100), *notes(N_EVENTS, first=100)}
    for seed in range(25):
        path = tmp_path / str(seed) / "Session.musicassist"
        path.parent.mkdir()
        content = bytearray(healthy)
        mutate(content, random.Random(seed))
        path.write_bytes(content)
        try:
            session, runs, told = opened(path)
        except SessionFileError as problem:
            # Its version number is where the damage is: that is left alone, and said.
            assert "newer MusicAssist" in problem.what  # noqa: PT017
            continue
        # What no one can notice has to be harmless: a changed byte in a note is another note.
        n_wrong = sum(each not in everything for run in runs for each in run)
        assert n_wrong <= 40
        assert session is None or session.name in {f"session {number}" for number in range(3)}
        assert session is not None or told
        _work_with(path)
        if told:
            assert len(list(path.parent.glob("*.damaged*"))) == 1


def _work_with(path: Path) -> None:
    """Save and play into a file, and find it again."""
    journal = Journal(path, lambda n_events: None, lambda error: pytest.fail(str(error)))
    file = SessionFile(path)
    file.save_session(Session(name="after"))
    journal.add(notes(1)[0])
    journal.close()
    assert file.load_session() == Session(name="after")
    assert file.played()[-1] == notes(1)
    file.close()


def test_a_mutated_log_is_as_if_the_last_saves_had_not_been(tmp_path: Path) -> None:
    for seed in range(25):
        path = tmp_path / str(seed) / "Session.musicassist"
        path.parent.mkdir()
        file = SessionFile(path)
        for number in range(5):
            file.save_session(Session(name=str(number)))
        content, log = path.read_bytes(), bytearray(log_of(path).read_bytes())
        file.close()
        path.write_bytes(content)
        flip(log, random.Random(seed))
        log_of(path).write_bytes(log)
        session = opened(path)[0]
        assert session is None or session.name in "01234"
        _work_with(path)


def test_a_hostile_schema_is_not_run(path: Path, healthy: bytes) -> None:
    path.write_bytes(healthy)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "CREATE TRIGGER bad AFTER INSERT ON played BEGIN DELETE FROM sessions; END"
        )
        connection.execute("ALTER TABLE phrases RENAME TO gone")
        connection.execute("CREATE VIEW phrases AS SELECT 1 AS id, 1 AS run, 1 AS last_played")
    session, runs, told = opened(path)
    assert session == Session(name="session 2")
    assert len(runs) == 2
    assert told
    _work_with(path)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert names.fetchall() == []
