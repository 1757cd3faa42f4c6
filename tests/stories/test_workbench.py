"""An evening in a minute: takes judged, bars made anew, a comp, an edit, a drag; all undone.

Everything is real: window, mouse and keys, engine, sound server, the trained soloist, and another
program that the comp is dropped onto.
"""

from pathlib import Path

import mido
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicassist.ui.main_window import MainWindow
from tests.stories.conftest import control, services_of
from tests.stories.dragging import drag_out
from tests.ui.gestures import drag

pytestmark = pytest.mark.rig

LEFT = Qt.MouseButton.LeftButton
N_BARS_OF_PHRASE = 4
BAR_TICKS = 1920


def test_takes_become_a_comp_of_ones_own(qtbot: QtBot, window: MainWindow) -> None:
    services = services_of(window)
    document, timeline = services.document, window.timeline
    first = document.session

    # Four takes of the demo's phrase, the best of them heard.
    with qtbot.waitSignal(services.soloist.solos_made, timeout=20_000):
        qtbot.mouseClick(control(window, "continue_button"), LEFT)
    qtbot.waitUntil(lambda: services.player.playhead_ticks > 480, timeout=10_000)
    assert [each.number for each in document.session.solos] == [1, 2, 3, 4]

    # Starred and rejected by key and mouse; nothing is lost.
    qtbot.mouseClick(control(window, "star_button_1"), LEFT)
    qtbot.mouseClick(control(window, "reject_button_4"), LEFT)
    stars = {each.number: (each.is_starred, each.is_rejected) for each in document.session.solos}
    assert stars == {1: (True, False), 2: (False, False), 3: (False, False), 4: (False, True)}

    # Two bars swept in the ruler are made anew while it plays; the others stay.
    ruler, y = timeline.ruler, timeline.ruler.height() - 8
    places = (ruler.axis.x_at((N_BARS_OF_PHRASE + bars) * BAR_TICKS) for bars in (1.2, 2.8))
    drag(ruler, *(QPoint(round(x), y) for x in places))
    with qtbot.waitSignal(services.soloist.solos_made, timeout=20_000):
        qtbot.mouseClick(timeline.roll.sweep_button, LEFT)
    anew, before = document.session.solo_numbered(5), document.session.solo_numbered(1)
    assert anew is not None
    assert before is not None
    for start, end in ((0, BAR_TICKS), (3 * BAR_TICKS, 8 * BAR_TICKS)):
        assert (
            anew.solo.clip.between(start, end).notes == before.solo.clip.between(start, end).notes
        )

    # A comp of bars of two takes.
    for number in (1, 2):
        card = window.takes.card(number)
        qtbot.mouseClick(card, LEFT, pos=card.picture.geometry().center())
    cells = window.takes.comp.cells
    drag(cells, cells.cell(4).center(), cells.cell(5).center())
    comp = document.session.selected_solo
    assert comp is not None
    assert set(comp.comp) == {1, 2}
    wanted = document.session.solo_numbered(2)
    assert wanted is not None
    taken = comp.solo.clip.between(4 * BAR_TICKS, 6 * BAR_TICKS).notes
    assert [note.pitch for note in taken] == [
        note.pitch for note in wanted.solo.clip.between(4 * BAR_TICKS, 6 * BAR_TICKS).notes
    ]

    # A note of it moved up by the keys, a chord changed: one named step each.
    services.player.stop()
    services.notes.select_bars(N_BARS_OF_PHRASE, 1)
    n_selected = len(services.notes.selection)
    timeline.roll.setFocus()
    QTest.keyClick(timeline.roll, Qt.Key.Key_Up)
    assert n_selected == len(services.notes.selection)
    edited = document.session.selected_solo
    assert edited is not None
    assert edited.is_edited
    services.chords.set_text("Fm | Db | Eb7 | C7b9")
    assert document.session.progression_text == "Fm | Db | Eb7 | C7b9"

    # Dragged onto another program, it holds what is shown.
    given = drag_out(qtbot, window, comp.number)
    assert given["action"] == "CopyAction"
    (dropped,) = (Path(path) for path in given["paths"])
    shown = document.session.selected_solo
    assert shown is not None
    pitches = [
        message.note
        for message in mido.MidiFile(dropped)
        if message.type == "note_on" and message.velocity
    ]
    assert sorted(pitches) == sorted(
        note.pitch for note in document.session.timed_solo(shown.solo).notes
    )

    # All of it is taken back, step by step, and done again.
    last, n_steps = document.session, 0
    while document.undo_name:
        document.undo()
        n_steps += 1
    assert n_steps >= 7
    assert document.session.solos == first.solos
    assert document.session.primer == first.primer
    while document.redo_name:
        document.redo()
    assert document.session == last
