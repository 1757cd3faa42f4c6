"""What the bar at the top says of the sound and of recording."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from musicassist.engine.protocol import EngineReady, SoundHealth
from musicassist.ui.theme import DARK
from tests.ui.conftest import Desk


def has_colour(widget: QWidget, colour: str) -> bool:
    image = widget.grab().toImage()
    wanted = QColor(colour).rgb()
    return any(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())
    )


def test_missing_sound_is_said_where_the_latency_stands(desk: Desk) -> None:
    latency = desk.window.transport.latency
    assert latency.text() == "7 ms"
    desk.engine.say(EngineReady("", 0, 0.0, "Built-in sounds"))
    assert latency.text() == "No sound"
    desk.services.player.play()
    desk.engine.gone.disconnect(desk.services.workbench._on_engine_gone)
    desk.window._on_workbench_engine_gone()
    assert latency.text() == "No engine"


def test_gaps_in_the_sound_are_counted_with_what_to_do(desk: Desk) -> None:
    latency = desk.window.transport.latency
    desk.engine.say(SoundHealth(0, 0.21, 8.4))
    assert latency.text() == "8 ms"
    assert "21%" in latency.toolTip()
    assert "gaps" not in latency.toolTip()
    desk.engine.say(SoundHealth(1, 0.21, 8.4))
    assert latency.text() == "1 gap"
    desk.engine.say(SoundHealth(2, 0.21, 8.4))
    assert latency.text() == "2 gaps"
    assert "larger buffer" in latency.toolTip()
    assert "8 ms" in latency.toolTip()


def test_recording_is_red_and_nothing_else_is(desk: Desk) -> None:
    bar = desk.window.transport
    assert not has_colour(bar.position, DARK.danger)
    bar.record.click()
    desk.engine.move_playhead(480.0)
    assert has_colour(bar.position, DARK.danger)
    assert has_colour(desk.window.timeline.ruler, DARK.danger)
    desk.services.player.stop()
    assert not has_colour(bar.position, DARK.danger)
    assert not has_colour(desk.window.timeline.ruler, DARK.danger)


def test_a_press_alone_does_not_show_recording(desk: Desk) -> None:
    desk.engine.shut_down()
    desk.window.transport.record.click()
    assert not desk.window.transport.record.isChecked()
