"""The mixer: a strip for every part, and the feel of the accompaniment."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QSizePolicy,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from musicassist.app.bootstrap import Services
from musicassist.app.feels import all_feels, find_feel
from musicassist.music.mix import BACKING_PARTS, MIX_PARTS, Mix, MixPart
from musicassist.music.session import Session
from musicassist.ui.controls import ComboBox
from musicassist.ui.hints import HINTS, describe
from musicassist.ui.mixer_strip import MixerStrip
from musicassist.ui.theme import GRID_PX, Theme

OFF: Final = ""  # the feel that is none
_WORDS: Final[dict[MixPart, tuple[str, str]]] = {
    "phrase": ("You", "person"),
    "solo": ("Solo", "machine"),
    "chords": ("Chords", "plain"),
    "bass": ("Bass", "plain"),
    "drums": ("Drums", "plain"),
    "click": ("Click", "plain"),
}
_FEW_COLUMNS: Final = 3
_GAP_PX: Final = 4
_OFF_WORDS: Final = "no accompaniment"


class MixerBar(QWidget):
    """Shows the mix; strips stand in one row, or in two where there is little room.

    `volume_set(part, volume_db)`, `mute_set(part, is_muted)`, `solo_set(part, is_soloed)` and
    `feel_chosen(feel_id)` say what is wanted; the feel is empty for none.
    """

    volume_set = Signal(str, float)
    mute_set = Signal(str, bool)
    solo_set = Signal(str, bool)
    feel_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mixer_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "panel")
        self._n_columns = 0
        usual = Mix()
        self.strips = {
            part: MixerStrip(
                part, words, usual.level(part).volume_db, accent, can_solo=part != "click"
            )
            for part, (words, accent) in _WORDS.items()
        }
        self.feel = FeelBox()
        describe(self.feel, "feel_field")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GRID_PX, 4, GRID_PX, 4)
        self._grid.setHorizontalSpacing(_GAP_PX)
        self._grid.setVerticalSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange(len(self.strips))
        for part, strip in self.strips.items():
            strip.volume_set.connect(lambda db, part=part: self.volume_set.emit(part, db))
            strip.mute_set.connect(lambda is_on, part=part: self.mute_set.emit(part, is_on))
            strip.solo_set.connect(lambda is_on, part=part: self.solo_set.emit(part, is_on))
        self.feel.activated.connect(lambda index: self.feel_chosen.emit(self.feel.itemData(index)))

    def show_session(self, session: Session) -> None:
        """Show the session's mix and accompaniment."""
        for part, strip in self.strips.items():
            strip.show_level(session.mix.level(part), silence=_silence_of(session, part))
        backing = session.backing
        self.feel.show_feel(find_feel(backing.feel_id).feel_id if backing.is_on else OFF)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for strip in self.strips.values():
            strip.show_theme(theme)
        self.feel.show_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in two rows where one is too narrow."""
        super().resizeEvent(event)
        n_columns = len(self.strips) if self.width() >= self._one_row_px() else _FEW_COLUMNS
        if n_columns != self._n_columns:
            self._arrange(n_columns)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for as many rows as there are."""
        return QSize(self._one_row_px(), self._grid.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Ask for room for three strips beside each other."""
        widest = max(strip.minimumSizeHint().width() for strip in self.strips.values())
        width = (_FEW_COLUMNS + 1) * (widest + _GAP_PX) + 2 * GRID_PX
        return QSize(width, self._grid.totalSizeHint().height())

    def _one_row_px(self) -> int:
        strips = sum(strip.minimumSizeHint().width() + _GAP_PX for strip in self.strips.values())
        return strips + self.feel.minimumSizeHint().width() + 2 * GRID_PX

    def _arrange(self, n_columns: int) -> None:
        self._n_columns = n_columns
        for column in range(len(self.strips) + 1):
            self._grid.setColumnStretch(column, 0)
        for index, strip in enumerate(self.strips.values()):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(strip, index // n_columns, index % n_columns, top)
        n_rows = -(-len(self.strips) // n_columns)
        self._grid.addWidget(self.feel, 0, n_columns, n_rows, 1, Qt.AlignmentFlag.AlignVCenter)
        for column, strip in enumerate(list(self.strips.values())[:n_columns]):
            self._grid.setColumnStretch(column, strip.minimumSizeHint().width())
        self._grid.setColumnStretch(n_columns, self.feel.minimumSizeHint().width())


class FeelBox(ComboBox):
    """Offers the feels with a few words on each; closed, it shows the title alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.addItem(f"Off: {_OFF_WORDS}", OFF)
        for feel in all_feels():
            self.addItem(f"{feel.title}: {feel.description}", feel.feel_id)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_feel(self, feel_id: str) -> None:
        """Show which feel is played; empty for none."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(feel_id))
        self.setToolTip(f"{self.currentText()}. {HINTS['feel_field'].tip}")
        self.setAccessibleDescription(self.currentText())
        self.update()

    def showPopup(self) -> None:
        """Open a list wide enough for its words."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count()))
        self.view().setMinimumWidth(widest + 4 * GRID_PX)
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Show the title of the feel, without the words on it."""
        super().initStyleOption(option)
        feel_id = self.currentData()
        title = find_feel(feel_id).title if feel_id else "Off"
        words = f"Feel: {title}"
        room_px = self.width() - 4 * GRID_PX
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(words) > room_px:
            words = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room_px)
        option.currentText = words


def connect_mixer_bar(bar: MixerBar, services: Services) -> None:
    """Let a bar show the session's mix, and the mixer do what it sends."""
    mixer, document = services.mixer, services.document

    def choose(feel_id: str) -> None:
        if feel_id:
            mixer.choose_feel(feel_id)
        else:
            mixer.switch_backing(is_on=False)

    bar.volume_set.connect(mixer.set_volume)
    bar.mute_set.connect(lambda part, is_on: mixer.set_muted(part, is_muted=is_on))
    bar.solo_set.connect(lambda part, is_on: mixer.set_soloed(part, is_soloed=is_on))
    bar.feel_chosen.connect(choose)
    document.session_changed.connect(bar.show_session)
    bar.show_session(document.session)


def over_mixer(widget: QWidget, bar: MixerBar) -> QWidget:
    """Return a widget with a mixer bar under it."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(widget, 1)
    column.addWidget(bar)
    return both


def _silence_of(session: Session, part: MixPart) -> str:
    """Return why a part is not heard, in words; empty where it is."""
    if session.mix.level(part).is_muted:
        return "Muted."
    if session.mix.gives_way(part):
        alone = " and ".join(
            _WORDS[each][0] for each in MIX_PARTS if session.mix.level(each).is_soloed
        )
        return f"Silent, because {alone} is heard alone."
    if part in BACKING_PARTS and not session.backing.is_on:
        return "Silent, because the feel is off."
    return ""
