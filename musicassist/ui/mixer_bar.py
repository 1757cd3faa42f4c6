"""The mixer: a strip for every part, and the feel of the accompaniment."""

from typing import Final, NamedTuple

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
from musicassist.ui.actions import Actions
from musicassist.ui.controls import ComboBox
from musicassist.ui.hints import HINTS, describe
from musicassist.ui.mixer_strip import MixerStrip
from musicassist.ui.theme import GRID_PX, Theme, scaled

OFF: Final = ""  # the feel that is none
_WORDS: Final[dict[MixPart, tuple[str, str]]] = {
    "phrase": ("You", "person"),
    "solo": ("Solo", "machine"),
    "chords": ("Chords", "plain"),
    "bass": ("Bass", "plain"),
    "drums": ("Drums", "plain"),
    "click": ("Click", "plain"),
}
_GAP_PX: Final = 4
_FEW_LETTERS: Final = 6
_CHEVRON_PX: Final = 22  # beside the words, as in the stylesheet


class _Arrangement(NamedTuple):
    """How many strips stand in a row, and whether without S and with a feel not spelt out."""

    n_columns: int
    is_short: bool


_ARRANGEMENTS: Final = (_Arrangement(6, False), _Arrangement(3, False), _Arrangement(3, True))
_OFF_WORDS: Final = "no accompaniment"


class MixerBar(QWidget):
    """Shows the mix; strips stand in one row, in two where there is little room.

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
        self.setAccessibleName("Mixer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "strips")
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
        self._arrangement = _ARRANGEMENTS[0]
        self._arrange(self._arrangement)
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
        """Stand in one row or two, in as many words as there is room for."""
        super().resizeEvent(event)
        fitting = (each for each in _ARRANGEMENTS if self._least_px(each) <= self.width())
        arrangement = next(fitting, _ARRANGEMENTS[-1])
        if arrangement != self._arrangement:
            self._arrange(arrangement)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for as many rows as there are."""
        return QSize(self._least_px(_ARRANGEMENTS[0]), self._grid.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Ask for room for the fewest words."""
        return QSize(self._least_px(_ARRANGEMENTS[-1]), self._grid.totalSizeHint().height())

    def _least_px(self, arrangement: _Arrangement) -> int:
        strips = list(self.strips.values())
        columns = (strips[first :: arrangement.n_columns] for first in range(arrangement.n_columns))
        widths = [
            max(strip.least_px(is_short=arrangement.is_short) for strip in column)
            for column in columns
        ]
        feel = self.feel.least_px(is_short=arrangement.is_short)
        return sum(widths) + feel + _GAP_PX * arrangement.n_columns + 2 * GRID_PX

    def _arrange(self, arrangement: _Arrangement) -> None:
        self._arrangement = arrangement
        n_columns, is_short = arrangement
        for column in range(len(self.strips) + 1):
            self._grid.setColumnStretch(column, 0)
        top = Qt.AlignmentFlag.AlignTop
        for index, strip in enumerate(self.strips.values()):
            strip.show_short(is_short=is_short)
            self._grid.addWidget(strip, index // n_columns, index % n_columns, top)
        n_rows = -(-len(self.strips) // n_columns)
        self.feel.show_short(is_short=is_short)
        self._grid.addWidget(self.feel, 0, n_columns, n_rows, 1, Qt.AlignmentFlag.AlignVCenter)
        for column in range(n_columns):
            self._grid.setColumnStretch(column, 1)


class FeelBox(ComboBox):
    """Offers the feels with a few words on each; closed, it shows the title alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._is_short = False
        self.addItem(f"Off: {_OFF_WORDS}", OFF)
        for feel in all_feels():
            self.addItem(f"{feel.title}: {feel.description}", feel.feel_id)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_short(self, *, is_short: bool) -> None:
        """Let it be as narrow as can be, or ask for a few letters."""
        self._is_short = is_short
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Ask for as much as it needs at least."""
        return QSize(self.least_px(is_short=self._is_short), super().minimumSizeHint().height())

    def least_px(self, *, is_short: bool) -> int:
        """Return how wide it is at least, with or without words."""
        n_letters = 0 if is_short else _FEW_LETTERS
        return n_letters * self.fontMetrics().horizontalAdvance("x") + _around_feel_px()

    def sizeHint(self) -> QSize:
        """Ask for room for the longest title."""
        longest = max(self._words_px(feel.title) for feel in all_feels())
        return QSize(longest + 2 + _around_feel_px(), super().sizeHint().height())

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
        words, room_px = _in_words(title), self.width() - _around_feel_px()
        if self._words_px(title) > room_px:
            end = Qt.TextElideMode.ElideRight
            words = self.fontMetrics().elidedText(title, end, room_px)
        option.currentText = words

    def _words_px(self, title: str) -> int:
        return self.fontMetrics().horizontalAdvance(_in_words(title))


def _around_feel_px() -> int:
    return scaled(_CHEVRON_PX) + GRID_PX + 4


def _in_words(title: str) -> str:
    return f"Feel: {title}"


def connect_mixer_bar(bar: MixerBar, services: Services, commands: Actions) -> None:
    """Let a bar show the session's mix, and the mixer do what it and its commands say."""
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
    commands.add("backing", lambda: mixer.switch_backing(is_on=not mixer.backing.is_on))
    commands.add("next_feel", mixer.choose_next_feel)
    commands.add("other_fills", mixer.play_other_fills)
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
        alone = [_WORDS[each][0] for each in MIX_PARTS if session.mix.level(each).is_soloed]
        verb = "is" if len(alone) == 1 else "are"
        return f"Silent, because {' and '.join(alone)} {verb} heard alone."
    if part in BACKING_PARTS and not session.backing.is_on:
        return "Silent, because the feel is off."
    return ""
