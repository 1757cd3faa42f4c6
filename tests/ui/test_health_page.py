"""How the engine does, in a sentence and in figures."""

import pytest

from musicassist.app.devices import DevicesState
from musicassist.app.engine_client import EngineOptions
from musicassist.engine.protocol import (
    EngineReady,
    PlayingKept,
    SoundHealth,
)
from musicassist.ui.devices_panel import DevicesPanel
from musicassist.ui.health_page import verdict_of
from tests.ui.conftest import READY, Desk


def state(ready: EngineReady | None, health: SoundHealth | None = None) -> DevicesState:
    return DevicesState(EngineOptions(), ready=ready, health=health)


@pytest.mark.parametrize(
    ("known", "said", "is_bad"),
    [
        (state(None), "press Play", False),
        (state(READY), "All is well", False),
        (state(READY, SoundHealth(0, 0.3, 7.0)), "All is well", False),
        (state(READY, SoundHealth(4, 0.3, 7.0)), "All is well", False),
        (state(READY, SoundHealth(5, 0.3, 7.0)), "larger buffer", True),
        (state(READY, SoundHealth(0, 0.8, 7.0)), "larger buffer", True),
        (state(EngineReady("", 0, 0.0, "Synth", is_keeping=True)), "no sound output", True),
        (state(EngineReady("Speakers", 48_000, 7.0, "Synth")), "not written", True),
    ],
)
def test_health_is_said_in_a_sentence(known: DevicesState, said: str, is_bad: bool) -> None:
    verdict, verdict_is_bad = verdict_of(known)
    assert said in verdict
    assert verdict_is_bad is is_bad


def test_health_shows_the_figures(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Health")
    desk.engine.say(SoundHealth(1200, 0.25, 6.5))
    desk.engine.say(PlayingKept(1200))
    page = panel.health
    assert page.device.whole_text == "Speakers"
    assert page.rate.text() == "48 kHz"
    assert page.block.text() == "256 frames, 5.3 ms"
    assert page.latency.text() == "6.5 ms from key to sound"
    assert page.gaps.text() == "1,200 since the start"
    assert page.load.text() == "25% of the time there is"
    assert page.kept.text() == "all 1,200 events"
    page.larger.click()
    assert panel.sound.isVisible()
    assert panel.sound.block.hasFocus()


def test_an_engine_that_goes_leaves_no_figures(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Health")
    desk.engine.shut_down()
    desk.services.devices._on_engine_gone(None)  # type: ignore[arg-type]
    page = panel.health
    assert {each.text() for each in (page.rate, page.block, page.latency, page.gaps)} == {
        "\N{EN DASH}"
    }
    assert page.kept.text() == "\N{EN DASH}"
