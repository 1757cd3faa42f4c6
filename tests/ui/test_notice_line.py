"""The quiet line."""

from musicassist.errors import NoAudioError
from tests.ui.conftest import Desk


def test_an_error_shows_what_happened_and_what_to_do_until_it_is_closed(desk: Desk) -> None:
    line, notices = desk.window.notices, desk.services.notices
    notices.show_error(NoAudioError("No audio device was found.", "Connect one."))
    assert line.text.whole_text == "No audio device was found."
    assert line.hint.whole_text == "Connect one."
    assert line.close_button.isVisible()
    assert not line.action.isVisible()
    line.close_button.click()
    assert line.text.whole_text == ""
    assert not line.close_button.isVisible()


def test_an_offer_is_taken_once_and_the_line_is_quiet_again(desk: Desk) -> None:
    taken: list[int] = []
    desk.services.notices.tell("Removed.", action_name="Undo", action=lambda: taken.append(1))
    desk.window.notices.action.click()
    assert taken == [1]
    assert not desk.window.notices.action.isVisible()


def test_foreign_names_are_shown_as_they_are(desk: Desk) -> None:
    desk.services.notices.tell("Saved <b>bold</b>\nname.mid.")
    assert desk.window.notices.text.whole_text == "Saved <b>bold</b> name.mid."


def test_long_words_end_in_an_ellipsis(desk: Desk) -> None:
    desk.services.notices.tell("very " * 200 + "long", action_name="Undo", action=lambda: None)
    desk.qtbot.wait(1)
    assert desk.window.notices.text.text().endswith("…")
    assert desk.window.notices.action.isVisible()
    assert desk.window.width() == 1100
