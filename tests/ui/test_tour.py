"""The first steps."""

from musicassist.engine.protocol import PhraseCaptured
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from tests.ui.conftest import Desk


def test_it_is_not_there_unless_it_is_started(desk: Desk) -> None:
    assert not desk.window.tour.isVisible()
    desk.window.commands["first_steps"].trigger()
    assert desk.window.tour.isVisible()
    assert desk.window.tour.title.text() == "Play a phrase"


def test_it_goes_on_with_what_is_done(desk: Desk) -> None:
    tour = desk.window.tour
    tour.start()
    notes = [(0, NOTE_ON, 60), (400, NOTE_OFF, 60), (500, NOTE_ON, 62), (900, NOTE_OFF, 62)]
    events = (RawEvent(ms * 1_000_000, status, pitch, 90) for ms, status, pitch in notes)
    desk.engine.say(PhraseCaptured(Take(tuple(events), "V49")))
    assert tour.step_number == 1
    desk.continue_phrase()
    assert tour.step_number == 2
    tour.next.click()
    assert not tour.isVisible()
    assert desk.services.settings.settings.has_seen_tour


def test_what_is_done_out_of_order_goes_on_from_there(desk: Desk) -> None:
    tour = desk.window.tour
    tour.start()
    desk.continue_phrase()
    assert tour.step_number == 2
    tour.go_on(0)
    assert tour.step_number == 2


def test_it_is_put_away_by_one_click(desk: Desk) -> None:
    tour = desk.window.tour
    tour.start()
    tour.skip.click()
    assert not tour.isVisible()
    assert desk.services.settings.settings.has_seen_tour


def test_it_stays_within_the_window_and_beside_its_target(desk: Desk) -> None:
    tour = desk.window.tour
    tour.start()
    for size in ((1100, 700), (1600, 1000)):
        desk.window.resize(*size)
        desk.qtbot.wait(20)
        for _ in range(2):
            assert desk.window.rect().contains(tour.geometry())
            target = tour._steps[tour.step_number].target()
            assert target.isVisible()
        tour.go_on(tour.step_number)
