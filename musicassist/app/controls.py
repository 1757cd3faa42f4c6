"""What the knobs, buttons and pads of a controller do."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.document import Document
from musicassist.app.mixer import Mixer
from musicassist.app.notices import Notices
from musicassist.app.phrases import FASTEST_BPM, SLOWEST_BPM
from musicassist.app.player import Engine, Player
from musicassist.app.settings import SettingsService
from musicassist.app.workbench import Workbench
from musicassist.engine.protocol import ControlMoved
from musicassist.music.mix import SILENT_DB
from musicassist.music.tap_tempo import TapTempo

SLOWEST_KNOB_BPM: Final = 60.0
FASTEST_KNOB_BPM: Final = 180.0
_WHERE_FREE: Final = 0.5


class Controls(QObject):
    """Does what a controller's knobs and buttons are mapped to, and what is tapped.

    Knobs know nothing of what the window shows. So that a value never jumps to where a knob
    happens to stand, it follows by value scaling: turned by half of what is left of its way, the
    knob takes the value half of its own way, and both reach an end together.
    Source: the take-over modes of Ableton Live's manual.

    `take_stepped(number)` comes when another take was chosen.

    Args:
        engine: Who says what was moved.
        document: What is changed.
        player: What is played and stopped.
        workbench: What starts greater things.
        settings: Metronome and volume of everything.
        mixer: Volumes of the parts.
        notices: Where the user is told.
        clock_s: A monotonic clock.
        parent: Its Qt owner.

    Thread: GUI.
    """

    take_stepped = Signal(int)

    def __init__(
        self,
        engine: Engine,
        document: Document,
        player: Player,
        workbench: Workbench,
        settings: SettingsService,
        mixer: Mixer,
        notices: Notices,
        clock_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._settings = settings
        self._notices = notices
        self._clock_s = clock_s
        self._taps = TapTempo()
        self._knobs: dict[tuple[str, str], float] = {}
        self._unknown: set[str] = set()
        self._turned: dict[str, tuple[Callable[[], float], Callable[[float], None]]] = {
            "surprise": (lambda: document.session.wishes.surprise, self._set_surprise),
            "density": self._quality("density"),
            "leaps": self._quality("leaps"),
            "register": self._quality("register"),
            "swing": self._quality("swing"),
            "quantize_strength": (lambda: document.session.timing.strength, self._set_strength),
            "tempo": (self._tempo_share, self._set_tempo_share),
            "volume": _volume(
                lambda: settings.settings.volume_db,
                lambda volume_db: settings.change(volume_db=volume_db),
            ),
            "backing_volume": _volume(lambda: mixer.backing_db, mixer.set_backing_volume),
            "solo_volume": _volume(
                lambda: mixer.mix.solo.volume_db, partial(mixer.set_volume, "solo")
            ),
            "click_volume": _volume(
                lambda: mixer.mix.click.volume_db, partial(mixer.set_volume, "click")
            ),
        }
        self._pressed: dict[str, Callable[[], object]] = {
            "capture": workbench.grab,
            "continue": workbench.continue_phrase,
            "play_stop": player.toggle,
            "record": player.record,
            "metronome": self.toggle_metronome,
            "loop": lambda: player.set_looping(not player.state.is_looping),
            "undo": document.undo,
            "next_take": lambda: self.step_take(1),
            "previous_take": lambda: self.step_take(-1),
            "panic": workbench.stop,
            "tap_tempo": self.tap,
        }
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._knobs.clear)

    def tap(self) -> None:
        """Tap the tempo; the third tap sets it."""
        bpm = self._taps.tap(self._clock_s())
        if bpm is not None:
            tapped_bpm = round(_playable(bpm), 1)
            self._document.set_tempo(tapped_bpm)
            self._notices.tell(f"Tapped: {tapped_bpm:g} BPM.")
        elif self._taps.n_taps == 1:
            self._notices.tell("Tap on: the third tap sets the tempo.")

    def nudge_tempo(self, step_bpm: float) -> None:
        """Play a little faster or slower."""
        bpm = self._document.session.timebase.tempos[0].bpm
        self._document.set_tempo(_playable(round(bpm + step_bpm, 2)))

    def toggle_metronome(self) -> None:
        """Let the click be heard, or not."""
        self._settings.change(is_metronome_on=not self._settings.settings.is_metronome_on)

    def step_take(self, step: int) -> None:
        """Choose the take before or after the chosen one."""
        number = self._document.select_neighbour(step)
        if number is not None:
            self.take_stepped.emit(number)

    def _on_engine_event_arrived(self, event: object) -> None:
        if not isinstance(event, ControlMoved):
            return
        if event.action in self._turned:
            value, take = self._turned[event.action]
            place = (event.source, event.action)
            before = self._knobs.get(place)
            self._knobs[place] = event.value
            if before is not None:
                take(scaled(value(), before, event.value))
        elif event.action in self._pressed:
            self._pressed[event.action]()
        elif event.action not in self._unknown:
            self._unknown.add(event.action)
            name = event.action.replace("_", " ").capitalize()
            self._notices.tell(f"{name} cannot be changed yet: this control does nothing for now.")

    def _set_surprise(self, share: float) -> None:
        self._document.change_wishes(surprise=share)

    def _quality(self, name: str) -> tuple[Callable[[], float], Callable[[float], None]]:
        """Return how a quality of the manner is read and set; a free one starts in the middle."""

        def read() -> float:
            value: float | None = getattr(self._document.session.wishes.manner, name)
            return _WHERE_FREE if value is None else value

        return read, lambda share: self._document.change_manner(**{name: share})

    def _set_strength(self, share: float) -> None:
        self._document.change_timing(strength=share)

    def _tempo_share(self) -> float:
        bpm = self._document.session.timebase.tempos[0].bpm
        share = (bpm - SLOWEST_KNOB_BPM) / (FASTEST_KNOB_BPM - SLOWEST_KNOB_BPM)
        return min(max(share, 0.0), 1.0)

    def _set_tempo_share(self, share: float) -> None:
        bpm = SLOWEST_KNOB_BPM + share * (FASTEST_KNOB_BPM - SLOWEST_KNOB_BPM)
        self._document.set_tempo(round(bpm, 1))


def _volume(
    read_db: Callable[[], float], set_db: Callable[[float], None]
) -> tuple[Callable[[], float], Callable[[float], None]]:
    """Return how a volume is read and set as a share of its way."""

    def read() -> float:
        return 1 - min(max(read_db() / SILENT_DB, 0.0), 1.0)

    return read, lambda share: set_db(round(SILENT_DB * (1 - share), 1))


def _playable(bpm: float) -> float:
    return min(max(bpm, SLOWEST_BPM), FASTEST_BPM)


def scaled(value: float, before: float, now: float) -> float:
    """Return where a value goes when a knob moves; all are 0-1.

    Args:
        value: Where the value is.
        before: Where the knob was.
        now: Where the knob is.
    """
    if now > before:
        return min(1.0, value + (1 - value) * (now - before) / (1 - before))
    if now < before:
        return value * now / before
    return value
