"""The bridge to the quiet line."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.notices import Notice, Notices
from musicassist.errors import NoAudioError


@pytest.fixture
def posted(qtbot: QtBot) -> tuple[Notices, list[Notice]]:
    notices, seen = Notices(), []
    notices.posted.connect(seen.append)
    return notices, seen


def test_an_error_is_shown_once(posted: tuple[Notices, list[Notice]]) -> None:
    notices, seen = posted
    error = NoAudioError("No audio device was found.", "Connect one.")
    for _ in range(3):
        notices.show_error(error)
    assert seen == [Notice("No audio device was found.", "Connect one.", is_error=True)]


def test_the_same_error_after_something_else_is_shown_again(
    posted: tuple[Notices, list[Notice]],
) -> None:
    notices, seen = posted
    error = NoAudioError("No audio device was found.", "Connect one.")
    notices.show_error(error)
    notices.tell("Saved.")
    notices.show_error(error)
    notices.clear()
    notices.show_error(error)
    assert [notice.is_error for notice in seen] == [True, False, True, True]
