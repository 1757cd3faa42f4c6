"""Draws the reference pictures of the window, without a screen, into a folder.

Usage: python scripts/screenshots.py [--reference] FOLDER [NAME ...]

With --reference, those that tests compare by the pixel: `--reference tests/golden/pictures` takes
what is drawn now as right, so look at it first.
"""

import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.engine_client import EngineOptions
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.session_keeper import SessionKeeper
from musicassist.app.soloist_service import ECHO, find_choices
from musicassist.engine.protocol import (
    ControlUse,
    EngineReady,
    InputPort,
    InputPortsChanged,
    KeyMoved,
    LoopRange,
    OutputPortsChanged,
    PhraseCaptured,
    PlayingKept,
    PortSpoke,
    Sound,
    SoundHealth,
)
from musicassist.errors import NoAudioError
from musicassist.generation.regeneration import BarRange
from musicassist.music.control_edits import Stroke
from musicassist.music.note import MOD_WHEEL, PITCH_BEND, SUSTAIN
from musicassist.music.playing import VelocityCurve
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.paths import models_folder
from musicassist.storage.claim import claim_session
from musicassist.ui.bar_sweep import BarSweep
from musicassist.ui.drop_overlay import DropOverlay
from musicassist.ui.main_window import FIRST_SIZE_PX, LEAST_SIZE_PX, MainWindow
from musicassist.ui.roll_commands import RollCommands
from musicassist.ui.sessions_menu import SessionsMenu
from musicassist.ui.view_menu import TEXT_PERCENTS

REFERENCES: Final = (
    "empty",
    "first_start",
    "recording",
    "takes",
    "editing",
    "takes_comp",
    "error",
    "light",
    "text_200",
)
FONTS: Final = Path(__file__).resolve().parents[1] / "tests" / "golden" / "pictures" / "fonts.conf"
_REFERENCE: Final = "--reference"

Scene = Callable[[ScriptedEngine, Services, MainWindow], None]


def main(arguments: list[str]) -> int:
    """Draw the pictures named, or all of them."""
    is_reference = arguments[:1] == [_REFERENCE]
    arguments = arguments[is_reference:]
    known = REFERENCES if is_reference else tuple(_PICTURES)
    if not arguments or arguments[0].startswith("-") or set(arguments[1:]) - set(known):
        print(f"{__doc__}\nPictures: {', '.join(known)}")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    names = arguments[1:] or list(known)
    if len(names) > 1:
        # A process each: a scale can only be chosen before Qt starts.
        for name in names:
            command = [sys.executable, __file__, *[_REFERENCE] * is_reference, str(folder), name]
            scale = "2" if name.endswith(("_2x", "_4k_at_2")) else "1"
            subprocess.run(command, check=True, env=os.environ | {"QT_SCALE_FACTOR": scale})
        return 0
    if is_reference:
        os.environ |= {"FONTCONFIG_FILE": str(FONTS), "QT_SCALE_FACTOR": "1"}
    draw(names[0], folder, is_reference=is_reference)
    return 0


def draw(name: str, folder: Path, *, is_reference: bool) -> None:
    """Draw one picture into a folder.

    Args:
        name: In `_PICTURES`.
        folder: Where it goes.
        is_reference: Whether it is compared by the pixel: small, and of solos that are the same on
            every machine, which those of a network are not.
    """
    app = QApplication([])
    app.setStyle("Fusion")
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="musicassist-pictures.")
    keeper = SessionKeeper(claim_session())
    engine = ScriptedEngine()
    engine.options = EngineOptions(session_file=keeper.path)
    choices, problems = find_choices(models_folder())
    if is_reference:
        choices = (ECHO,)
    session = Session() if name.startswith("empty") else demo_session()
    services = connect_services(engine, session, choices, problems, keeper=keeper)
    for percent in TEXT_PERCENTS:
        if f"_{percent}" in name:
            services.settings.change(text_percent=percent)
    window = MainWindow(services)
    window.resize(*LEAST_SIZE_PX if is_reference else _size_of(name))
    window.show()
    engine.start()
    engine.say(InputPortsChanged((InputPort("V49", controller="Alesis V49"),)))
    _PICTURES[name](engine, services, window)
    _wait(260)  # lights of ports go out
    _with_menus(window).save(str(folder / f"{name}.png"))
    window.close()
    shutil.rmtree(os.environ["XDG_DATA_HOME"])


def _size_of(name: str) -> tuple[int, int]:
    """Return how large the window is in a picture, in logical pixels."""
    sizes = {"_least": LEAST_SIZE_PX, "_4k_at_2": (1920, 1080), "_4k": (3840, 2160)}
    return next((size for part, size in sizes.items() if part in name), FIRST_SIZE_PX)


def _first_start(_engine: ScriptedEngine, _services: Services, _window: MainWindow) -> None:
    """Change nothing."""


def _captured(engine: ScriptedEngine, _services: Services, _window: MainWindow) -> None:
    engine.say(PhraseCaptured(_played_take()))
    engine.say(KeyMoved(67, is_down=True, is_playback=False, source="V49"))


def _takes(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.document.change_wishes(seed=4711)
    loop = QEventLoop()
    services.soloist.solos_made.connect(loop.quit)
    QTimer.singleShot(5000, loop.quit)
    services.workbench.continue_phrase()
    loop.exec()
    start_ticks = services.document.arrangement.solo_start_ticks
    engine.move_playhead(start_ticks + 480 * 9.3)
    engine.say(KeyMoved(65, is_down=True, is_playback=True))
    engine.say(KeyMoved(60, is_down=True, is_playback=False, source="V49"))


def _starred(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.takes.star(3)
    services.takes.star(1)


def _renaming_take(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _starred(engine, services, window)
    services.takes.rename(2, "Ouvertüre 序曲 & a long evening")
    window.takes.rename(3)


def _rejected(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _starred(engine, services, window)
    for number in (2, 4, 3):
        services.takes.reject(number)
    window.takes.rejected.click()


def _rejected_foot(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _rejected(engine, services, window)
    window.takes.rejected.click()


def _comparing(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _starred(engine, services, window)
    services.takes.compare(3)
    engine.move_playhead(services.document.arrangement.solo_start_ticks + 480 * 12.0)


def _comp(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _starred(engine, services, window)
    for first_bar, n_bars, number in ((0, 2, 3), (4, 1, 3), (5, 2, 4)):
        services.takes.take_bars(BarRange(first_bar, n_bars), number)
    engine.move_playhead(services.document.arrangement.solo_start_ticks + 480 * 18.0)
    window.takes.comp.cells.setFocus()


def _large_text(scene: Scene) -> Scene:
    def large(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
        services.settings.change(text_percent=200)
        scene(engine, services, window)
        window.docks.share_room()

    return large


def _finer_wishes(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    services.document.choose_character("jazz-lines")
    _starred(engine, services, window)
    window.solo_panel.unfold(is_unfolded=True)


def _many_takes(_engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    primer = services.document.session.primer
    assert primer is not None
    solo = Solo(primer, "echo", 1, primer)
    services.document.add_solos(tuple(replace(solo, seed=seed) for seed in range(500)))
    window.takes.reveal(250)


def _count_in(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.sessions.start_new()
    services.player.record()
    engine.move_playhead(-1920 + 480.0, is_counting_in=True)


def _recording(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.sessions.start_new()
    services.player.record()
    for index, pitch in enumerate((65, 68, 72, 70, 68, 67, 65, 63)):
        engine.move_playhead(index * 360.0)
        engine.say(KeyMoved(pitch, is_down=True, is_playback=False, source="V49"))
        engine.move_playhead(index * 360.0 + 300)
        if index < 7:
            engine.say(KeyMoved(pitch, is_down=False, is_playback=False, source="V49"))
    engine.move_playhead(3100.0)
    engine.say(PortSpoke("V49"))


def _passes(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.sessions.start_new()
    services.player.set_loop(LoopRange(0, 2 * 1920))
    services.player.record()
    for number in range(3):
        engine.hand_over(_take_to_the_click(number), pass_number=number, end_ticks=2 * 1920)
    engine.move_playhead(1500.0)


def _loop_brace(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.player.set_loop(LoopRange(4 * 1920, 8 * 1920))
    engine.say(SoundHealth(2, 0.21, 7.4))
    engine.say(
        InputPortsChanged(
            (InputPort("V49"), InputPort("Keystep", problem="Another program has it open."))
        )
    )
    window.timeline.ruler.setFocus()


def _lanes(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    wave = [(400 + 20 * each, 8192 + 6000 * math.sin(each / 8)) for each in range(60)]
    for part, controller, stroke in (
        ("primer", PITCH_BEND, Stroke(wave)),
        ("solo", MOD_WHEEL, Stroke([(0, 0), (1900, 100), (2400, 40), (3800, 120)])),
        ("primer", SUSTAIN, Stroke([(0, 127), (900, 127)], 480)),
        ("solo", SUSTAIN, Stroke([(960, 127), (3600, 127)], 480)),
    ):
        services.control_editor.draw(part, controller, stroke)
        window.timeline.stack.show_controller(controller, is_shown=True)
    services.notes.select_bars(1, 1)
    lane = window.timeline.stack.velocities
    note = services.notes.selected_notes()[0]
    x = lane.axis.x_at(note.onset_ticks)
    lane.show_bubble(x, lane.y_at(note.note.velocity), f"velocity {note.note.velocity}")


def _editing(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    """Some notes are chosen, other takes and the phrase lie faintly under the solo."""
    _takes(engine, services, window)
    services.player.stop()
    roll, notes = window.timeline.roll, services.notes
    for name in ("ghost_takes", "ghost_phrase"):
        window.commands[name].trigger()
    notes.select_bars(5, 1)
    notes.move(0, 3)
    notes.select_bars(5, 2)
    roll.setFocus()


def _sweep(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.player.stop()
    window.timeline.sweep(BarSweep(8, 2))


def _roll_menu(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _editing(engine, services, window)
    roll = window.timeline.roll
    menu = window.timeline.findChildren(RollCommands)[0].menu(0)
    menu.setParent(window)
    menu.resize(menu.sizeHint())
    menu.move(roll.mapTo(window, QPoint(300, 8)))
    menu.show()


def _functions(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    window.commands["colour_by_function"].trigger()


def _free(engine: ScriptedEngine, _services: Services, _window: MainWindow) -> None:
    engine.say(PhraseCaptured(_freely_played_take()))


def _sessions(_engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    for name in ("Blues for Tuesday", "Evening idea", "Riff in 7/8"):
        services.sessions.start_new()
        services.sessions.rename(name)
        services.phrase_files.load_demo()
    window.commands["sessions"].trigger()
    menu = window.findChild(SessionsMenu, "sessions_menu")
    assert menu is not None
    menu.setActiveAction(menu.recent.menuAction())
    menu.recent.popup(menu.mapToGlobal(menu.actionGeometry(menu.recent.menuAction()).topRight()))


def _renaming(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    window.commands["rename_session"].trigger()


def _dropping(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    overlay = window.findChild(DropOverlay, "drop_overlay")
    assert overlay is not None
    overlay.show_paths([Path("Autumn waltz.musicxml")])


def _wrong_chord(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    strip = window.timeline.chords
    strip.select((1920, 3840))
    strip.edit_cell("H7")
    strip.take()


def _wrong_chords(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    strip = window.timeline.chords
    strip.edit()
    strip.editor.line.setText("Fm | H7")
    strip.editor.line.setModified(True)
    strip.take()


def _chords_chosen(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.chords.set_text("Fm / / Db | % | Ebmaj7#11 C7b9 | C7 / Bbm7b5/E NC")
    strip = window.timeline.chords
    strip.select((1920, 1920 + 1440))
    strip.step(1, is_further=True)
    strip.setFocus()


def _chords_zoomed(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _chords_chosen(engine, services, window)
    window.timeline.axis.zoom(2.6)
    window.timeline.axis.scroll_to(300)


def _palette(_engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    for bar, chord in enumerate(("Fm9", "Bbm7")):
        services.chords.set_chord(bar * 1920, (bar + 1) * 1920, chord)
    window.timeline.chords.select((3840, 5760))
    window.commands["chord_palette"].trigger()


def _presets(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    window.timeline.chords.select((0, 1920))
    window.commands["chord_presets"].trigger()


def _heard(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    services.chords.set_text("")
    _takes(engine, services, window)
    loop = QEventLoop()
    QTimer.singleShot(300, loop.quit)
    loop.exec()


def _large(scene: Scene) -> Scene:
    def larger(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
        services.settings.change(text_percent=200)
        scene(engine, services, window)

    return larger


def _error(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.player.stop()
    services.notices.show_error(
        NoAudioError(
            "No audio device was found.", "Connect one, or start the sound server, then restart."
        ),
        action_name="Restart",
        action=engine.restart,
    )


def _devices(page: str) -> Scene:
    """Return a scene of everything plugged in, with a part of the devices in front."""

    def shown(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
        window.show_devices(is_shown=True)
        sounds = (Sound(4, "Electric piano"), Sound(29, "Overdriven guitar"))
        outputs = ("Speakers", "Scarlett 2i2 USB")
        engine.say(
            EngineReady("Speakers", 48_000, 7.3, "Built-in sounds", sounds, 256, outputs, True)
        )
        uses = [ControlUse("surprise", "CC 20"), ControlUse("play_stop", "CC 50")]
        busy = "Another program, perhaps your DAW, holds the MIDI input Keystep."
        engine.say(
            InputPortsChanged(
                (
                    InputPort("V49", controller="Alesis V49", controls=tuple(uses)),
                    InputPort("Keystep", is_open=False, controller="Generic", problem=busy),
                )
            )
        )
        engine.say(OutputPortsChanged(("DAW",), "MusicAssist", can_be_virtual=True))
        engine.say(SoundHealth(0, 0.18, 7.3))
        engine.say(PlayingKept(1284))
        services.settings.change(midi_output="MusicAssist", is_output_virtual=True)
        services.devices.change_input("Keystep", velocity_curve=VelocityCurve("soft"))
        window.devices.show_page(page)
        if page == "Controls":
            services.devices.learn("density")

    return shown


def _busy(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    """Solos take so long that they can be stopped."""
    window.solo_panel.show_busy(is_busy=True)
    _wait(500)


def _no_keyboard(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.sessions.start_new()
    engine.say(InputPortsChanged(()))


def _click_options(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    window.transport.click_options.click()


def _mixing(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.mixer.choose_feel("swing")
    services.mixer.set_muted("click", is_muted=True)
    services.mixer.set_soloed("solo", is_soloed=True)
    services.mixer.set_soloed("bass", is_soloed=True)
    services.mixer.set_volume("chords", -18.0)


def _in_light(scene: Scene) -> Scene:
    def lit(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
        scene(engine, services, window)
        services.settings.change(theme="light")

    return lit


_PICTURES: Final[dict[str, Scene]] = {
    "empty": _first_start,
    "first_start": _first_start,
    "captured": _captured,
    "editing": _editing,
    "editing_least": _editing,
    "editing_light": _in_light(_editing),
    "editing_2x": _editing,
    "roll_menu": _roll_menu,
    "sweep": _sweep,
    "sweep_light": _in_light(_sweep),
    "sweep_200": _sweep,
    "free": _free,
    "free_least": _free,
    "free_2x": _free,
    "count_in": _count_in,
    "recording": _recording,
    "recording_light": _in_light(_recording),
    "passes": _passes,
    "loop_brace": _loop_brace,
    "loop_brace_least": _loop_brace,
    "loop_brace_light": _in_light(_loop_brace),
    "functions": _functions,
    "functions_light": _in_light(_functions),
    "lanes": _lanes,
    "lanes_least": _lanes,
    "lanes_light": _in_light(_lanes),
    "lanes_2x": _lanes,
    "takes": _takes,
    "takes_least": _takes,
    "takes_2x": _takes,
    "mixing": _mixing,
    "mixing_least": _mixing,
    "mixing_light_2x": _in_light(_mixing),
    "takes_starred": _starred,
    "takes_renaming": _renaming_take,
    "takes_rejected": _rejected,
    "takes_rejected_foot_least": _rejected_foot,
    "takes_comparing": _comparing,
    "takes_comparing_light": _in_light(_comparing),
    "takes_comp": _comp,
    "takes_comp_2x": _comp,
    "takes_comp_least": _comp,
    "takes_comp_light": _in_light(_comp),
    "takes_comp_large": _large_text(_comp),
    "takes_many": _many_takes,
    "wishes": _finer_wishes,
    "sessions": _sessions,
    "sessions_least": _sessions,
    "sessions_light_2x": _in_light(_sessions),
    "renaming_2x": _renaming,
    "renaming_least": _renaming,
    "dropping": _dropping,
    "dropping_light_least": _in_light(_dropping),
    "wrong_chord": _wrong_chord,
    "wrong_chord_least": _wrong_chord,
    "wrong_chords": _wrong_chords,
    "chords_chosen": _chords_chosen,
    "chords_chosen_light": _in_light(_chords_chosen),
    "chords_zoomed_2x": _chords_zoomed,
    "chords_heard": _heard,
    "chords_large": _large(_chords_chosen),
    "chords_heard_large": _large(_heard),
    "palette": _palette,
    "palette_2x": _palette,
    "palette_least": _palette,
    "palette_light": _in_light(_palette),
    "palette_large_least": _large(_palette),
    "presets": _presets,
    "presets_light": _in_light(_presets),
    "devices_keyboards": _devices("Keyboards"),
    "devices_keyboards_least": _devices("Keyboards"),
    "devices_controls_least": _devices("Controls"),
    "devices_sound": _devices("Sound"),
    "devices_sound_light": _in_light(_devices("Sound")),
    "devices_sound_2x": _devices("Sound"),
    "devices_midi_out_least": _devices("MIDI out"),
    "devices_health_light": _in_light(_devices("Health")),
    "error": _error,
    "error_least": _error,
    "light": _in_light(_takes),
    "light_least": _in_light(_takes),
    "text_125": _takes,
    "text_150": _takes,
    "text_150_least": _takes,
    "text_200": _takes,
    "text_200_least": _takes,
    "lanes_200": _lanes,
    "mixing_200_least": _mixing,
    "captured_least": _captured,
    "empty_200_least": _first_start,
    "empty_light": _in_light(_first_start),
    "takes_4k": _takes,
    "takes_4k_at_2": _takes,
    "empty_4k": _first_start,
    "busy": _busy,
    "click_options": _click_options,
    "click_options_light": _in_light(_click_options),
    "busy_light": _in_light(_busy),
    "no_keyboard": _no_keyboard,
    "no_keyboard_light": _in_light(_no_keyboard),
}


def _played_take() -> Take:
    """Return two bars as somebody might play them at the demo's tempo."""
    events = []
    beat_ns = 625_000_000
    for index, pitch in enumerate((65, 68, 72, 70, 68, 67, 65, 63, 65, 60)):
        start_ns = index * beat_ns * 3 // 4 + (index * 37 % 11) * 2_000_000
        events.append(RawEvent(start_ns, NOTE_ON, pitch, 70 + index * 29 % 50))
        events.append(RawEvent(start_ns + beat_ns * 5 // 8, NOTE_OFF, pitch, 0))
    return Take(tuple(events), "V49")


def _freely_played_take() -> Take:
    """Return two bars as somebody might play them without a click, at about 112 BPM."""
    events = []
    beat_ns, start_ns = 60e9 / 112, 0.0
    rhythm = (1, 0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5, 2)
    pitches = (57, 60, 64, 69, 67, 65, 64, 62, 60, 57)
    for index, (beats, pitch) in enumerate(zip(rhythm, pitches, strict=True)):
        late_ns = (index * 37 % 11 - 5) * 2_000_000
        end_ns = start_ns + beats * beat_ns * 0.85
        events.append(
            RawEvent(max(0, round(start_ns + late_ns)), NOTE_ON, pitch, 70 + index * 29 % 50)
        )
        events.append(RawEvent(round(end_ns), NOTE_OFF, pitch, 0))
        start_ns += beats * beat_ns
    return Take(tuple(events), "V49")


def _take_to_the_click(number: int) -> Take:
    """Return a pass of two bars; every pass is another."""
    events, places = [], []
    for index in range(7 - number):
        pitch = 60 + (index * (3 + number)) % 13
        for status, place in ((NOTE_ON, 480.0 * index), (NOTE_OFF, 480.0 * index + 400)):
            events.append(RawEvent(round(place * 1e6), status, pitch, 90))
            places.append(place)
    return Take(tuple(events), "V49", tuple(places))


def _with_menus(window: MainWindow) -> QPixmap:
    """Return a picture of the window with the menus that are open over it."""
    picture = window.grab()
    painter = QPainter(picture)
    for menu in QApplication.topLevelWidgets():
        if isinstance(menu, QMenu) and menu.isVisible():
            painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
            menu.close()
    painter.end()
    return picture


def _wait(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
