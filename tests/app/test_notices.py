"""The bridge to the quiet line."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.notices import Notice, Notices
from musicassist.errors import NoAudioError, NoMidiError


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


def test_an_error_nobody_has_taken_away_comes_back_after_news(
    posted: tuple[Notices, list[Notice]], qtbot: QtBot
) -> None:
    notices, seen = posted
    notices._bring_back.setInterval(10)
    notices.show_error(NoAudioError("No audio device was found.", "Connect one."))
    notices.tell("Saved.")
    assert seen[-1].text == "Saved."
    qtbot.waitUntil(lambda: seen[-1].is_error, timeout=2_000)
    notices.dismiss()
    notices.tell("Saved.")
    assert not notices._bring_back.isActive()


def test_of_two_errors_the_older_comes_back_when_the_newer_is_taken_away(
    posted: tuple[Notices, list[Notice]], qtbot: QtBot
) -> None:
    notices, seen = posted
    notices.show_error(NoAudioError("No audio device was found.", "Connect one."))
    notices.show_error(NoMidiError("There is no MIDI here.", "Start a server."))
    assert (seen[-1].text, seen[-1].n_waiting) == ("There is no MIDI here.", 1)
    notices.dismiss()
    assert (seen[-1].text, seen[-1].n_waiting) == ("No audio device was found.", 0)
    with qtbot.waitSignal(notices.cleared):
        notices.dismiss()


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
    assert all(notice.n_waiting == 0 for notice in seen)


def test_what_can_no_longer_be_done_is_no_longer_offered(qtbot: QtBot) -> None:
    notices, seen = Notices(), []
    notices.posted.connect(seen.append)

    def undo() -> None:
        """Nothing."""

    notices.tell("Done.", action_name="Undo", action=undo)
    notices.withdraw(undo)
    assert (seen[-1].text, seen[-1].action_name, seen[-1].action) == ("Done.", "", None)
    notices.tell("Something else.")
    n_posted = len(seen)
    notices.withdraw(undo)
    assert len(seen) == n_posted
