"""The session in its file."""

import os
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from musicassist.errors import DamagedSessionError, SessionFileError
from musicassist.music.clip import Clip
from musicassist.music.manner import Manner
from musicassist.music.note import Note
from musicassist.music.session import Session, Wishes
from musicassist.music.solo import Solo
from musicassist.storage import database, schema, session_file
from musicassist.storage.schema import MIGRATIONS, expected_layout, layout_of, migrate, version_of
from musicassist.storage.session_file import SessionFile, decode_session, encode_session
from tests.storage.sessions import SESSION_FIELDS, sessions

PHRASE = Clip((Note(0, 480, 60),), 1920, name="Phrase")


def saved(path: Path, *states: Session) -> None:
    file = SessionFile(path)
    for state in states:
        file.save_session(state)
    file.close()


def loaded(path: Path) -> Session | None:
    file = SessionFile(path)
    try:
        return file.load_session()
    finally:
        file.close()


def ask(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@given(sessions)
def test_every_session_comes_back_as_it_was(session: Session) -> None:
    content = encode_session(session)
    back = decode_session(content, zlib.crc32(content))
    assert back == session
    assert back is not None
    assert (back.key is None) == (session.key is None)
    if session.key is not None and back.key is not None:  # equal keys may be written differently
        assert back.key.prefers_flats == session.key.prefers_flats


def test_the_property_above_draws_every_field_of_a_session() -> None:
    assert set(SESSION_FIELDS) == {field.name for field in fields(Session)}


def test_a_new_file_holds_no_session(path: Path) -> None:
    assert loaded(path) is None


def test_the_last_session_saved_is_there(path: Path) -> None:
    saved(path, *(Session(name=str(number)) for number in range(20)))
    assert loaded(path) == Session(name="19")


def test_a_save_is_on_the_disk_when_it_returns(path: Path) -> None:
    program = f"""
import os, pathlib
from musicassist.music.session import Session
from musicassist.storage.session_file import SessionFile
SessionFile(pathlib.Path({str(path)!r})).save_session(Session(name="kept"))
os._exit(1)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 1
    assert loaded(path) == Session(name="kept")


def test_a_newest_session_that_is_damaged_gives_way_to_the_one_before(path: Path) -> None:
    saved(path, Session(name="earlier"))
    saved(path, Session(name="newest"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE sessions SET content = x'00' WHERE id = 2")
    assert loaded(path) == Session(name="earlier")


def test_sessions_of_which_none_can_be_read_are_one_sentence(path: Path) -> None:
    saved(path, Session())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE sessions SET content = x'00'")
    with pytest.raises(DamagedSessionError, match="is damaged"):
        loaded(path)


def test_one_start_of_the_program_writes_one_row_and_six_rows_stay(path: Path) -> None:
    for start in range(9):
        saved(path, Session(name=f"{start} a"), Session(name=f"{start} b"))
    rows = ask(path, "SELECT content, checksum FROM sessions ORDER BY id")
    names = [session.name for row in rows if (session := decode_session(*row)) is not None]
    assert names == [f"{start} b" for start in range(3, 9)]


def test_names_with_lone_surrogates_are_saved_as_far_as_they_go(path: Path) -> None:
    clip = replace(PHRASE, name="solo \udcff.mid")
    solo = Solo(clip, "echo", 1, clip, {"grid\udc80": "1/16"})
    saved(path, replace(Session(primer=clip), name="x").with_new_solos((solo,)))
    back = loaded(path)
    assert back is not None
    assert back.primer == replace(PHRASE, name="solo ?.mid")
    assert back.solos[0].solo.settings == {"grid?": "1/16"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'{"timing": {"grid_name": "1/5"}}',
        b'{"primer": {"notes": [{"onset_ticks": -1, "duration_ticks": 1, "pitch": 60}]}}',
        b'{"name": 7}',
        b'{"wishes": {"manner": {"density": 2}}}',
        b'{"wishes": {"lowest_pitch": 60, "highest_pitch": 61}}',
        b'{"solos": [{"number": 1, "solo": {"clip": {"length_ticks": 480}, "model_id": "",'
        b' "seed": 1, "primer": {}, "pickup_ticks": 481}}]}',
        b'{"last_number": "1"}',
        b"[" * 100_000,
        b'{"name": "' + b"\xff" + b'"}',
    ],
)
def test_what_is_no_session_is_not_taken_for_one(text: bytes) -> None:
    content = zlib.compress(text)
    assert decode_session(content, zlib.crc32(content)) is None


def test_what_an_older_version_did_not_know_of_is_as_it_was_then() -> None:
    text = b"""{"wishes": {"n_bars": 4, "n_takes": 2, "seed": 7, "surprise": 0.25,
        "is_key_locked": false, "model_id": "solo-gru-1"}, "solos": [{"number": 1, "solo": {
        "clip": {"notes": [{"onset_ticks": 0, "duration_ticks": 9, "pitch": 60}],
        "length_ticks": 1920}, "model_id": "solo-gru-1", "seed": 7, "primer": {}}}]}"""
    content = zlib.compress(text)
    session = decode_session(content, zlib.crc32(content))
    assert session is not None
    assert session.wishes == Wishes(4, 2, 7, 0.25, False, "solo-gru-1")
    assert session.wishes.manner == Manner()
    assert session.solos[0].solo.pickup_ticks == 0


def test_a_session_that_swells_beyond_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encode_session(Session(name="a" * 100_000))
    assert len(content) < 2_000
    assert decode_session(content, zlib.crc32(content)) is not None
    monkeypatch.setattr(session_file, "MOST_TEXT_BYTES", 10_000)
    assert decode_session(content, zlib.crc32(content)) is None


def test_what_a_newer_version_added_to_a_session_is_passed_over() -> None:
    content = zlib.compress(b'{"name": "from the future", "mood": "blue"}')
    assert decode_session(content, zlib.crc32(content)) == Session(name="from the future")


def test_a_session_too_big_is_refused_and_the_one_before_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SessionFile(path)
    file.save_session(Session(name="small"))
    monkeypatch.setattr(session_file, "MOST_VALUE_BYTES", 10)
    with pytest.raises(SessionFileError, match="too big"):
        file.save_session(Session(name="big"))
    assert file.load_session() == Session(name="small")
    file.close()


def test_the_file_says_whose_it_is_and_which_version(path: Path) -> None:
    saved(path, Session())
    header = path.read_bytes()[:100]
    assert header[68:72] == b"MusA"
    assert int.from_bytes(header[60:64], "big") == len(MIGRATIONS)


OLD = ("CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1)")
NEW = ("ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 2",)


def test_a_migration_brings_what_is_there_along(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, (OLD,))
        assert version_of(connection) == 1
        migrate(connection, (OLD, NEW))
        migrate(connection, (OLD, NEW))
        assert version_of(connection) == 2
        assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, 2)]


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, (OLD,))
        before = layout_of(connection)
        with pytest.raises(sqlite3.Error, match="nonsense"):
            migrate(connection, (OLD, NEW, ("nonsense",)))
        assert (version_of(connection), layout_of(connection)) == (1, before)


def test_a_file_of_an_older_version_is_opened_as_the_newest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(path, Session(name="old"))
    newer = (*MIGRATIONS, ("ALTER TABLE runs ADD COLUMN mood TEXT",))
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    monkeypatch.setattr(database, "migrate", lambda connection: migrate(connection, newer))
    expected_layout.cache_clear()
    try:
        assert loaded(path) == Session(name="old")
        assert loaded(path) == Session(name="old")
    finally:
        expected_layout.cache_clear()
    assert ask(path, "PRAGMA user_version") == [(2,)]


def test_a_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    saved(path, Session())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(SessionFileError, match="newer MusicAssist") as problem:
        SessionFile(path)
    assert not isinstance(problem.value, DamagedSessionError)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(500), b"hello", b"SQLite format 3\0" + b"\xff" * 200]
)
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(SessionFileError, match="is not a session file"):
        SessionFile(path)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["picture.png"]


def test_another_program_s_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE accounts (x)")
    before = path.read_bytes()
    with pytest.raises(SessionFileError, match="is not a session file"):
        SessionFile(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER bad AFTER INSERT ON played BEGIN DELETE FROM played; END",
        "CREATE VIEW bad AS SELECT 1",
        "CREATE TABLE more (x)",
        "DROP TABLE phrases",
        "CREATE INDEX bad ON played (abs(run))",
    ],
)
def test_a_file_with_other_tables_than_ours_is_not_trusted(path: Path, statement: str) -> None:
    saved(path, Session())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    with pytest.raises(DamagedSessionError):
        SessionFile(path)


def test_a_file_too_big_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(path, Session())
    monkeypatch.setattr(database, "MOST_FILE_BYTES", 1_000)
    with pytest.raises(SessionFileError, match="too big"):
        SessionFile(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(SessionFileError, match="is not a file"):
        SessionFile(path)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SessionFileError, match="cannot be used"):
        SessionFile(tmp_path / "file" / "deeper" / "Session.musicassist")


def test_a_name_that_cannot_be_one_is_one_sentence() -> None:
    with pytest.raises(SessionFileError, match="cannot be used"):
        SessionFile(Path("a\0b"))


def test_the_log_is_brought_into_the_file_when_it_has_grown(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_file, "_LOG_BYTES", 100_000)
    file = SessionFile(path)
    largest = 0
    for number in range(200):
        file.save_session(Session(name=f"{number} {os.urandom(10_000).hex()}"))
        largest = max(largest, database.log_of(path).stat().st_size)
    file.close()
    assert largest < 300_000
    assert not database.log_of(path).exists()


def test_no_commit_can_come_in_between_while_the_log_is_brought_into_the_file(
    path: Path,
) -> None:
    """See the workaround in `database.checkpoint_if_due`: the write lock is held meanwhile."""
    saved(path, Session())
    watched = WatchedDatabase(path)
    database.Database.connection(watched).execute("INSERT INTO runs (started_at) VALUES ('')")
    database.checkpoint_if_due(watched, 1)
    assert watched.locked_during == ["PRAGMA wal_checkpoint(PASSIVE)"]
    assert watched.free_during == []
    alone = path.with_name("alone")
    alone.write_bytes(path.read_bytes())  # without the log: all of it is in the file now
    assert ask(alone, "SELECT count(*) FROM runs") == [(1,)]
    watched.drop()


class WatchedDatabase(database.Database):
    """Looks before every statement whether somebody else could write."""

    def __init__(self, path: Path) -> None:
        self.free_during: list[str] = []
        self.locked_during: list[str] = []
        super().__init__(path)

    def connection(self) -> sqlite3.Connection:
        real = super().connection()

        class Watched:
            def execute(_, statement: str) -> sqlite3.Cursor:  # noqa: N805
                with closing(sqlite3.connect(self.path, timeout=0, isolation_level=None)) as other:
                    try:
                        other.execute("BEGIN IMMEDIATE")
                    except sqlite3.OperationalError:
                        self.locked_during.append(statement)
                    else:
                        self.free_during.append(statement)
                return real.execute(statement)

        return Watched()  # type: ignore[return-value]
