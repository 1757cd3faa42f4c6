"""A fader: volumes as places on a slider, and as words."""

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal

from musicassist.music.mix import SILENT_DB
from musicassist.ui.controls import Slider, restyle

# Half the way for the upper 12 dB, where loudness is chosen, as faders on mixers have it.
_WAY: Final = ((0, SILENT_DB), (30, -36.0), (100, -12.0), (200, 0.0))


class Fader(Slider):
    """A slider of volumes; a double-click sets back the volume it came with.

    `volume_set(volume_db)` comes when it is moved.

    Args:
        resting_db: Where a double-click brings it.
        accent: Colour of the filled part: "person", "machine" or "plain".
    """

    volume_set = Signal(float)

    def __init__(self, resting_db: float, accent: str) -> None:
        super().__init__(resting=position_of(resting_db), accent=accent)
        self._accent = accent
        self.setRange(0, _WAY[-1][0])
        self.setSingleStep(4)
        self.setPageStep(25)
        self.valueChanged.connect(self._on_value_changed)

    @property
    def volume_db(self) -> float:
        """The volume it stands at."""
        return db_at(self.value())

    def show_volume(self, volume_db: float, *, is_heard: bool = True) -> None:
        """Show a volume, and whether it is heard."""
        if self.volume_db != round(volume_db, 1):
            with QSignalBlocker(self):
                self.setValue(position_of(volume_db))
        self.setAccessibleDescription(db_in_words(volume_db))
        accent = self._accent if is_heard else "muted"
        if accent != self.property("accent"):
            self.setProperty("accent", accent)
            restyle(self)

    def _on_value_changed(self, position: int) -> None:
        volume_db = db_at(position)
        self.setAccessibleDescription(db_in_words(volume_db))
        self.volume_set.emit(volume_db)


def db_at(position: int) -> float:
    """Return the volume of a place of the fader, to a tenth of a dB."""
    for (low, low_db), (high, high_db) in pairwise(_WAY):
        if position <= high:
            return round(low_db + (position - low) / (high - low) * (high_db - low_db), 1)
    return _WAY[-1][1]


def position_of(volume_db: float) -> int:
    """Return the place of the fader nearest to a volume."""
    for (low, low_db), (high, high_db) in pairwise(_WAY):
        if volume_db <= high_db:
            share = (volume_db - low_db) / (high_db - low_db)
            return round(low + max(0.0, share) * (high - low))
    return _WAY[-1][0]


def db_in_words(volume_db: float) -> str:
    """Return a volume as it is read: `-6.0 dB`."""
    if volume_db <= SILENT_DB:
        return "silent"
    sign = "\N{MINUS SIGN}" if volume_db <= -0.05 else ""
    return f"{sign}{abs(volume_db):.1f} dB"
