"""What the next solos shall be like, and the button that makes them."""

from functools import partial
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QObject,
    QRandomGenerator,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from musicassist.app.bootstrap import Services
from musicassist.app.soloist_service import ModelChoice
from musicassist.generation.characters import AS_PRIMER, all_characters, find_character
from musicassist.generation.soloist import MOST_BARS, MOST_TAKES
from musicassist.music.session import HIGHEST_SEED, Session, Wishes
from musicassist.ui.controls import Button, CheckBox, NumberField, Slider, label
from musicassist.ui.form import choice_field
from musicassist.ui.hints import describe, enable
from musicassist.ui.range_slider import RangeSlider
from musicassist.ui.theme import SIDE_PX, Theme, scaled
from musicassist.ui.wish_slider import QualityCell, WishCell, captioned
from musicassist.ui.wish_words import leap_words, range_words, surprise_words

_AS_LEARNED: Final = 50
_MOST_TYPED_SEED: Final = 2**31 - 1  # a spin box counts in 32 signed bits
_DICE_SIDES: Final = 9_999  # seeds of four digits are remembered and typed easily
_AREA_PX: Final = 96
_SEED_PX: Final = 64  # a seed longer than usual is seen by scrolling in the field
_MOST_SEMITONES: Final = 48
_STOP_AFTER_MS: Final = 400  # what is over sooner needs no button, and a double click no stop
_QUALITIES: Final = {"density": "Density", "leaps": "Steps and leaps", "swing": "Swing"}
_MORE_QUALITIES: Final = {
    "register": "Register",
    "span": "Span",
    "chord_tones": "Chord tones",
    "rhythmic_variety": "Rhythm",
    "repetition": "Motifs",
}
_AS_IT_CAME: Final = Wishes()


class SoloPanel(QWidget):
    """Shows the wishes of a session.

    Every change is sent as `wishes_changed({name: value})`, that of a quality of the manner as
    `quality_changed(name, value)` with None for free, another character as `character_chosen(id)`.
    """

    wishes_changed = Signal(object)
    quality_changed = Signal(str, object)
    character_chosen = Signal(str)
    continue_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, choices: tuple[ModelChoice, ...]) -> None:
        super().__init__()
        self.setObjectName("solo_panel")
        self._choices = choices
        self._has_primer = False
        self._is_busy = False
        self._middle_c_octave = 3
        self.model = choice_field()
        for choice in choices:
            self.model.addItem(choice.title, choice.model_id)
        describe(self.model, "model_field")
        reason = "There is no model: reinstall MusicAssist or train one."
        enable(self.model, "model_field", is_enabled=bool(choices), reason=reason)
        self.character = choice_field()
        self.character.addItem("As the phrase suggests", AS_PRIMER)
        for place, each in enumerate(all_characters(), 1):
            self.character.addItem(each.title, each.character_id)
            self.character.setItemData(place, each.description, Qt.ItemDataRole.ToolTipRole)
        describe(self.character, "character_field")
        self._make_sliders()
        self.key_lock = CheckBox("Stay in key")
        describe(self.key_lock, "key_lock_box")
        self.pickup = CheckBox("Lead-in")
        describe(self.pickup, "pickup_box")
        self.bars = _number("bars_field", MOST_BARS)
        self.takes = _number("takes_field", MOST_TAKES)
        self.seed = NumberField(0, min(HIGHEST_SEED, _MOST_TYPED_SEED))
        self.seed.setMinimumWidth(_SEED_PX)
        describe(self.seed, "seed_field")
        self.dice = Button(role="icon", icon_name="dice")
        describe(self.dice, "dice_button")
        self.seed_lock = Button(role="icon", icon_name="unlocked")
        self.seed_lock.setCheckable(True)
        describe(self.seed_lock, "seed_lock_button")
        self.go = Button("Continue", role="primary")
        describe(self.go, "continue_button")
        self._stoppable = QTimer(self)
        self._stoppable.setSingleShot(True)
        self._stoppable.setInterval(_STOP_AFTER_MS)
        self._stoppable.timeout.connect(self._show_go)
        self._lay_out()
        self._connect()
        self._show_go()

    def show_session(self, session: Session) -> None:
        """Show another state of the session."""
        wishes = session.wishes
        self._has_primer = session.primer is not None and bool(session.primer.notes)
        self.bars.show_number(wishes.n_bars)
        self.takes.show_number(wishes.n_takes)
        self.seed.show_number(min(wishes.seed, _MOST_TYPED_SEED))
        for slider, value in (
            (self.surprise, round(wishes.surprise * 100)),
            (self.leap, wishes.furthest_leap),
        ):
            with QSignalBlocker(slider):
                slider.setValue(value)
        self.range.show_range(wishes.lowest_pitch, wishes.highest_pitch)
        with QSignalBlocker(self.model):
            index = self.model.findData(wishes.model_id)
            self.model.setCurrentIndex(max(index, 0) if self._choices else -1)
        with QSignalBlocker(self.character):
            index = self.character.findData(wishes.character_id)
            self.character.setCurrentIndex(max(index, 0))
        for box, is_on in (
            (self.key_lock, wishes.is_key_locked),
            (self.pickup, wishes.has_pickup),
            (self.seed_lock, wishes.is_seed_kept),
        ):
            with QSignalBlocker(box):
                box.setChecked(is_on)
        self.seed_lock.show_icon(
            "locked" if wishes.is_seed_kept else "unlocked",
            "machine" if wishes.is_seed_kept else "secondary",
        )
        for quality, cell in self.qualities.items():
            cell.show_wish(getattr(wishes.manner, quality))
        self.key_lock.setText(kept_key_words(session))
        self._show_meanings()
        self._show_go()

    def show_busy(self, *, is_busy: bool) -> None:
        """Show that the soloist is at work; if it takes longer, that it can be stopped."""
        self._is_busy = is_busy
        if is_busy:
            self._stoppable.start()
        else:
            self._stoppable.stop()
        self._show_go()

    def show_middle_c(self, octave: int) -> None:
        """Name notes so that middle C is in an octave: 3 or 4."""
        self._middle_c_octave = octave
        self.range.show_middle_c(octave)
        self._show_meanings()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for control in (self.model, self.character, self.key_lock, self.pickup, self.go):
            control.show_theme(theme)
        for part in (self.range, self.more, self.dice, self.seed_lock):
            part.show_theme(theme)

    def unfold(self, *, is_unfolded: bool) -> None:
        """Show the finer wishes, or fold them away."""
        self._finer.setVisible(is_unfolded)
        self.more.show_icon("chevron" if is_unfolded else "fold", "secondary")
        state = "shown" if is_unfolded else "folded away"
        self.more.setAccessibleDescription(state)

    def _make_sliders(self) -> None:
        self.surprise = Slider(resting=_AS_LEARNED)
        describe(self.surprise, "surprise_slider")
        self.leap = Slider(resting=_AS_IT_CAME.furthest_leap)
        self.leap.setRange(1, _MOST_SEMITONES)
        describe(self.leap, "leap_slider")
        resting = (_AS_IT_CAME.lowest_pitch, _AS_IT_CAME.highest_pitch)
        self.range = RangeSlider("range_slider", resting)
        self.range_meaning = label("", "caption")
        self._surprise_cell = WishCell(
            "Surprise",
            self.surprise,
            lambda: surprise_words(self.surprise.value() / 100),
            lambda: f"{self.surprise.value()} %",
        )
        self.meaning = self._surprise_cell.meaning
        self._leap_cell = WishCell(
            "Widest leap",
            self.leap,
            lambda: leap_words(self.leap.value()),
            lambda: str(self.leap.value()),
        )
        self.qualities = {
            quality: QualityCell(quality, words)
            for quality, words in (_QUALITIES | _MORE_QUALITIES).items()
        }
        self.more = Button("More wishes", role="fold", icon_name="fold")
        describe(self.more, "more_wishes_button")

    def _lay_out(self) -> None:
        self.area = _WishesArea()
        self.area.setObjectName("wishes_scroll")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._sliders())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 12)
        column.setSpacing(8)
        for part in (self.model, self.character):
            column.addLayout(_inset(part))
        self.area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(self.area)
        column.addLayout(_inset(self.go))
        column.addStretch(1)

    def _sliders(self) -> QWidget:
        finer = QVBoxLayout()
        self._finer = QWidget()
        self._finer.setLayout(finer)
        finer.setContentsMargins(0, 0, 0, 0)
        finer.setSpacing(8)
        for quality in _MORE_QUALITIES:
            finer.addWidget(self.qualities[quality])
        finer.addWidget(self._leap_cell)
        ranged = QVBoxLayout()
        ranged.setSpacing(0)
        ranged.addLayout(captioned("Range", self.range_meaning, self.range))
        ranged.addWidget(self.range)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        column.setSpacing(8)
        column.addWidget(self._surprise_cell)
        column.addWidget(self.qualities["density"])
        column.addLayout(ranged)
        column.addWidget(self.qualities["leaps"])
        column.addWidget(self.qualities["swing"])
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._finer)
        column.addWidget(self.key_lock)
        column.addWidget(self.pickup)
        column.addLayout(self._numbers())
        column.addStretch(1)
        self.unfold(is_unfolded=False)
        bar = self.area.verticalScrollBar()
        # The scroll bar stands in the margin, so that all sliders stay as long as the button.
        bar.rangeChanged.connect(
            lambda _lowest, highest: column.setContentsMargins(
                SIDE_PX, 0, SIDE_PX - (bar.sizeHint().width() if highest else 0), 0
            )
        )
        return page

    def _numbers(self) -> QGridLayout:
        numbers = QGridLayout()
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setHorizontalSpacing(8)
        numbers.setVerticalSpacing(8)
        for place, (words, field) in enumerate((("Bars", self.bars), ("Takes", self.takes))):
            numbers.addWidget(_caption(words, field), 0, place * 2)
            numbers.addWidget(field, 0, place * 2 + 1)
            numbers.setColumnStretch(place * 2 + 1, 1)
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self.seed, 1)
        seed.addWidget(self.dice)
        seed.addWidget(self.seed_lock)
        numbers.addWidget(_caption("Seed", self.seed), 1, 0)
        numbers.addLayout(seed, 1, 1, 1, 3)
        return numbers

    def _connect(self) -> None:
        self.model.currentIndexChanged.connect(
            lambda _i: self._wish(model_id=self.model.currentData())
        )
        self.character.currentIndexChanged.connect(
            lambda _i: self.character_chosen.emit(self.character.currentData())
        )
        self.surprise.valueChanged.connect(lambda value: self._wish(surprise=value / 100))
        self.leap.valueChanged.connect(lambda value: self._wish(furthest_leap=value))
        self.range.range_set.connect(
            lambda low, high: self._wish(lowest_pitch=low, highest_pitch=high)
        )
        self.range.held_changed.connect(self._show_meanings)
        for quality, cell in self.qualities.items():
            cell.slider.wish_set.connect(partial(self.quality_changed.emit, quality))
        self.more.clicked.connect(lambda: self.unfold(is_unfolded=self._finer.isHidden()))
        self.key_lock.toggled.connect(lambda is_on: self._wish(is_key_locked=is_on))
        self.pickup.toggled.connect(lambda is_on: self._wish(has_pickup=is_on))
        self.seed_lock.toggled.connect(lambda is_on: self._wish(is_seed_kept=is_on))
        self.bars.number_entered.connect(lambda value: self._wish(n_bars=value))
        self.takes.number_entered.connect(lambda value: self._wish(n_takes=value))
        self.seed.number_entered.connect(lambda value: self._wish(seed=value))
        self.dice.clicked.connect(lambda: self._wish(seed=_thrown(self.seed.value())))
        self.go.clicked.connect(self._on_go_clicked)

    def _wish(self, **changes: object) -> None:
        self.wishes_changed.emit(changes)

    def _show_meanings(self) -> None:
        low, high = self.range.pitches
        words = range_words(low, high, self._middle_c_octave)
        self.range_meaning.setText(f"{words} · {low}–{high}" if self.range.is_held else words)
        self._surprise_cell.show_meaning(self.surprise.isSliderDown())
        self._leap_cell.show_meaning(self.leap.isSliderDown())

    def _on_go_clicked(self) -> None:
        if not self._is_busy:
            self.continue_wanted.emit()
        elif not self._stoppable.isActive():
            self.stop_wanted.emit()

    def _show_go(self) -> None:
        words = "Playing on …" if self._stoppable.isActive() else "Stop"
        self.go.setText(words if self._is_busy else "Continue")
        reasons = (
            (not self._choices, "There is no model: reinstall MusicAssist or train one."),
            (not self._has_primer, "There is nothing to continue yet: play a few notes."),
        )
        reason = next((words for is_so, words in reasons if is_so), "")
        enable(self.go, "continue_button", is_enabled=not reason, reason=reason)
        if self._is_busy:
            self.go.setToolTip("The solos are on their way; press again, or Esc, to stop it.")


class _WishesArea(QScrollArea):
    """Where the sliders scroll; as high as they are, or as there is room."""

    def sizeHint(self) -> QSize:
        """Ask for room for all of it."""
        page = self.widget()
        height = page.sizeHint().height() if page is not None else 0
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Be content with the height of the first sliders; none is ever narrower than its words."""
        page = self.widget()
        width = page.minimumSizeHint().width() if page is not None else 0
        bar = self.verticalScrollBar()
        width += bar.sizeHint().width() if bar.maximum() else 0
        return QSize(width, scaled(_AREA_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask anew when there is more or less to show."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def connect_solo_panel(panel: SoloPanel, services: Services) -> None:
    """Let the panel show what the services say, and the services do what is wanted on it."""
    document, soloist = services.document, services.soloist

    def stop() -> None:
        soloist.cancel()
        services.notices.tell("Stopped: no solos were made.")

    panel.wishes_changed.connect(lambda changes: document.change_wishes(**changes))
    panel.quality_changed.connect(lambda name, value: document.change_manner(**{name: value}))
    panel.character_chosen.connect(document.choose_character)
    panel.continue_wanted.connect(services.workbench.continue_phrase)
    panel.stop_wanted.connect(stop)
    soloist.busy_changed.connect(lambda is_busy: panel.show_busy(is_busy=is_busy))
    services.settings.changed.connect(
        lambda settings: panel.show_middle_c(settings.middle_c_octave)
    )
    panel.show_middle_c(services.settings.settings.middle_c_octave)


def kept_key_words(session: Session) -> str:
    """Return which key is kept to: the chosen one, or the one the chosen solo was played in."""
    key, selected = session.key, session.selected_solo
    if key is not None:
        character = find_character(session.wishes.character_id)
        return f"Stay in {(character.key_for(key) if character is not None else key).name}"
    settings = selected.solo.settings if selected is not None else {}
    heard = settings.get("scale", settings.get("key"))
    return f"Stay in {heard}, as heard" if isinstance(heard, str) and heard else "Stay in key"


def _thrown(seed: int) -> int:
    """Return another seed than the one there is."""
    thrown: int = QRandomGenerator.global_().bounded(_DICE_SIDES - 1) + 1
    return thrown if thrown != seed else _DICE_SIDES


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
    row.addWidget(widget)
    return row


def _caption(words: str, buddy: QWidget) -> QWidget:
    caption = label(words, "second")
    caption.setBuddy(buddy)
    return caption


def _number(name: str, highest: int) -> NumberField:
    field = NumberField(1, highest)
    describe(field, name)
    return field
