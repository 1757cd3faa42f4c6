"""How loud one part is."""

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from musicassist.app.devices import SILENT_DB
from musicassist.ui.controls import Button, Slider, label, restyle
from musicassist.ui.form import CAPTION_PX
from musicassist.ui.hints import describe_one_of
from musicassist.ui.theme import Theme

# Half the way for the upper 12 dB, where loudness is chosen, as faders on mixers have it.
_WAY: Final = ((0, SILENT_DB), (30, -36.0), (100, -12.0), (200, 0.0))


class MixerStrip(QWidget):
    """A fader in dB with a mute button.

    Args:
        part: Its name in the protocol.
        words: Its name for the user.
        resting_db: Where a double-click brings the fader.
        accent: Colour of the filled part: "person", "machine" or "plain".
    """

    volume_set = Signal(float)
    mute_set = Signal(bool)

    def __init__(self, part: str, words: str, resting_db: float, accent: str) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._accent = accent
        self._is_muted = False
        self.slider = Slider(resting=position_of(resting_db), accent=accent)
        self.slider.setRange(0, _WAY[-1][0])
        self.slider.setSingleStep(4)
        self.slider.setPageStep(25)
        self.value = label("", "second")
        self.value.setFixedWidth(56)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.mute = Button(role="bare", icon_name="speaker")
        self.mute.setCheckable(True)
        describe_one_of(self.slider, "volume_slider", part, words)
        describe_one_of(self.mute, "mute_button", part, words)
        name = label(words)
        name.setFixedWidth(CAPTION_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        row.addWidget(self.mute)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.mute.toggled.connect(self.mute_set)

    def show_volume(self, volume_db: float, *, is_muted: bool) -> None:
        """Show how loud it is set."""
        self._is_muted = is_muted
        if db_at(self.slider.value()) != round(volume_db, 1):
            with QSignalBlocker(self.slider):
                self.slider.setValue(position_of(volume_db))
        with QSignalBlocker(self.mute):
            self.mute.setChecked(is_muted)
        self.mute.show_icon("muted" if is_muted else "speaker", "secondary")
        accent = "muted" if is_muted else self._accent
        if accent != self.slider.property("accent"):
            self.slider.setProperty("accent", accent)
            restyle(self.slider)
        self._show_value(volume_db)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.mute.show_theme(theme)

    def _show_value(self, volume_db: float) -> None:
        words = db_in_words(volume_db)
        self.value.setText("muted" if self._is_muted else words)
        self.slider.setAccessibleDescription(words)

    def _on_slider_moved(self, position: int) -> None:
        volume_db = db_at(position)
        self._show_value(volume_db)
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
