"""The tables of a session file, and how older files become newer ones."""

import sqlite3
from functools import cache
from typing import Final

APPLICATION_ID: Final = 0x4D757341  # "MusA": tells our files from other SQLite files

# One entry a version of the schema; what has been released is never edited, only added to.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # A run is one life of the engine; its moment is for people, nothing is decided by it.
        "CREATE TABLE runs (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL) STRICT",
        # Numbered from 1 in each run. One tree, without an index beside it that could disagree.
        "CREATE TABLE played (run INTEGER NOT NULL, number INTEGER NOT NULL,"
        " time_ns INTEGER NOT NULL, source TEXT NOT NULL, status INTEGER NOT NULL,"
        " data1 INTEGER NOT NULL, data2 INTEGER NOT NULL, place_ticks REAL,"
        " PRIMARY KEY (run, number)) STRICT, WITHOUT ROWID",
        # Everything of the run up to that number has been handed over as phrases.
        "CREATE TABLE phrases (id INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
        " last_number INTEGER NOT NULL) STRICT",
        # The newest row is the session; the older ones are there for when it cannot be read.
        "CREATE TABLE sessions (id INTEGER PRIMARY KEY, saved_at TEXT NOT NULL,"
        " content BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT",
    ),
)


def version_of(connection: sqlite3.Connection) -> int:
    """Return which version of the schema a file has; 0 for a new one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(
    connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Bring a file to the newest version, in one step or not at all.

    Args:
        connection: To the file; in autocommit mode.
        migrations: What leads from each version to the next.
    """
    if version_of(connection) >= len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again: another process may have done it while we waited for the lock.
        for statements in migrations[version_of(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def layout_of(connection: sqlite3.Connection) -> tuple[tuple[str, str, str], ...]:
    """Return everything a file's schema consists of: kind, name and definition."""
    rows = connection.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name"
    )
    return tuple(rows.fetchall())


@cache
def expected_layout(version: int) -> tuple[tuple[str, str, str], ...]:
    """Return what the schema of that version consists of."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(connection, MIGRATIONS[:version])
        return layout_of(connection)
    finally:
        connection.close()
