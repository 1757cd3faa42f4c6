"""What the next solos shall be like, and the button that makes them."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from musicassist.app.soloist_service import ModelChoice
from musicassist.generation.characters import AS_PRIMER, all_characters, find_character
from musicassist.generation.soloist import MOST_BARS, MOST_TAKES
from musicassist.music.session import HIGHEST_SEED, Session
from musicassist.ui.controls import Button, CheckBox, ComboBox, NumberField, Slider, label
from musicassist.ui.hints import describe, enable
from musicassist.ui.theme import Theme
from musicassist.ui.wish_slider import WishCell

_AS_LEARNED: Final = 50
_MOST_TYPED_SEED: Final = 2**31 - 1  # a spin box counts in 32 signed bits
_MEANINGS: Final = (
    (12, "as close as it gets"),
    (37, "close to your phrase"),
    (62, "as learned"),
    (87, "adventurous"),
    (100, "wild"),
)
_LONGEST_KEY: Final = 9  # letters of a key's name that fit beside the lead-in
_QUALITIES: Final = {
    "density": ("Density", ("sparse", "airy", "flowing", "busy", "dense")),
    "leaps": ("Leaps", ("steps", "few", "some", "many", "wide")),
    "register": ("Register", ("deep", "low", "middle", "high", "top")),
    "swing": ("Swing", ("straight", "light", "medium", "swung", "hard")),
}


class SoloPanel(QWidget):
    """Shows the wishes of a session.

    Every change is sent as `wish_changed(name, value)`, that of a quality of the manner as
    `quality_changed(name, value)` with None for free, another character as `character_chosen(id)`.
    """

    wish_changed = Signal(str, object)
    quality_changed = Signal(str, object)
    character_chosen = Signal(str)
    continue_wanted = Signal()

    def __init__(self, choices: tuple[ModelChoice, ...]) -> None:
        super().__init__()
        self.setObjectName("solo_panel")
        self._choices = choices
        self._has_primer = False
        self._is_busy = False
        self.model = ComboBox()
        for choice in choices:
            self.model.addItem(choice.title, choice.model_id)
        describe(self.model, "model_field")
        reason = "There is no model: reinstall MusicAssist or train one."
        enable(self.model, "model_field", is_enabled=bool(choices), reason=reason)
        self.character = ComboBox()
        self.character.addItem("As the phrase suggests", AS_PRIMER)
        for place, each in enumerate(all_characters(), 1):
            self.character.addItem(each.title, each.character_id)
            self.character.setItemData(place, each.description, Qt.ItemDataRole.ToolTipRole)
        describe(self.character, "character_field")
        self.surprise = Slider(resting=_AS_LEARNED)
        describe(self.surprise, "surprise_slider")
        self.meaning = label("", "caption")
        self.qualities = {
            quality: WishCell(f"{quality}_slider", words, meanings)
            for quality, (words, meanings) in _QUALITIES.items()
        }
        self.key_lock = CheckBox("Stay in key")
        describe(self.key_lock, "key_lock_box")
        # A long key ends in an ellipsis rather than pushing what stands beside it away.
        self.key_lock.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pickup = CheckBox("Lead-in")
        describe(self.pickup, "pickup_box")
        self.bars = _number("bars_field", MOST_BARS)
        self.takes = _number("takes_field", MOST_TAKES)
        self.seed = NumberField(0, min(HIGHEST_SEED, _MOST_TYPED_SEED))
        describe(self.seed, "seed_field")
        self.go = Button("Continue", role="primary")
        describe(self.go, "continue_button")
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
        with QSignalBlocker(self.surprise):
            self.surprise.setValue(round(wishes.surprise * 100))
        with QSignalBlocker(self.model):
            index = self.model.findData(wishes.model_id)
            self.model.setCurrentIndex(max(index, 0) if self._choices else -1)
        with QSignalBlocker(self.character):
            index = self.character.findData(wishes.character_id)
            self.character.setCurrentIndex(max(index, 0))
        for box, is_on in (
            (self.key_lock, wishes.is_key_locked),
            (self.pickup, wishes.has_pickup),
        ):
            with QSignalBlocker(box):
                box.setChecked(is_on)
        for quality, cell in self.qualities.items():
            cell.show_wish(getattr(wishes.manner, quality))
        self.key_lock.setText(f"Stay in {_kept_key(session)}")
        self.meaning.setText(meaning_of(self.surprise.value()))
        self._show_go()

    def show_busy(self, *, is_busy: bool) -> None:
        """Show that the soloist is at work."""
        self._is_busy = is_busy
        self._show_go()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for control in (self.model, self.character, self.key_lock, self.pickup, self.go):
            control.show_theme(theme)

    def _lay_out(self) -> None:
        boxes = QHBoxLayout()
        boxes.setSpacing(8)
        boxes.addWidget(self.key_lock, 1)
        boxes.addWidget(self.pickup)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.model)
        column.addWidget(self.character)
        column.addLayout(self._sliders())
        column.addLayout(boxes)
        column.addLayout(self._numbers())
        column.addSpacing(4)
        column.addWidget(self.go)
        column.addStretch(1)

    def _sliders(self) -> QVBoxLayout:
        cells = QGridLayout()
        cells.setHorizontalSpacing(16)
        cells.setVerticalSpacing(4)
        for place, cell in enumerate(self.qualities.values()):
            cells.addWidget(cell, *divmod(place, 2))
            cells.setColumnStretch(place % 2, 1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(captioned("Surprise", self.meaning))
        column.addWidget(self.surprise)
        column.addSpacing(4)
        column.addLayout(cells)
        return column

    def _numbers(self) -> QGridLayout:
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(8)
        numbers.setVerticalSpacing(4)
        for place, (words, field) in enumerate(
            (("Bars", self.bars), ("Takes", self.takes), ("Seed", self.seed))
        ):
            caption = label(words, "second")
            caption.setBuddy(field)
            row, column = divmod(place, 2)
            numbers.addWidget(caption, row, column * 2)
            span = 3 if field is self.seed else 1
            numbers.addWidget(field, row, column * 2 + 1, 1, span)
        numbers.setColumnStretch(1, 1)
        numbers.setColumnStretch(3, 1)
        return numbers

    def _connect(self) -> None:
        wish = self.wish_changed.emit
        self.model.currentIndexChanged.connect(
            lambda _i: wish("model_id", self.model.currentData())
        )
        self.character.currentIndexChanged.connect(
            lambda _i: self.character_chosen.emit(self.character.currentData())
        )
        self.surprise.valueChanged.connect(self._on_surprise_moved)
        for quality, cell in self.qualities.items():
            cell.slider.wish_set.connect(partial(self.quality_changed.emit, quality))
        self.key_lock.toggled.connect(lambda is_on: wish("is_key_locked", is_on))
        self.pickup.toggled.connect(lambda is_on: wish("has_pickup", is_on))
        self.bars.number_entered.connect(lambda value: wish("n_bars", value))
        self.takes.number_entered.connect(lambda value: wish("n_takes", value))
        self.seed.number_entered.connect(lambda value: wish("seed", value))
        self.go.clicked.connect(self.continue_wanted)

    def _on_surprise_moved(self, value: int) -> None:
        self.meaning.setText(meaning_of(value))
        self.wish_changed.emit("surprise", value / 100)

    def _show_go(self) -> None:
        self.go.setText("Playing on …" if self._is_busy else "Continue")
        reasons = (
            (not self._choices, "There is no model: reinstall MusicAssist or train one."),
            (not self._has_primer, "There is nothing to continue yet: play a few notes."),
            (self._is_busy, "The solos are on their way. Esc stops it."),
        )
        reason = next((words for is_so, words in reasons if is_so), "")
        enable(self.go, "continue_button", is_enabled=not reason, reason=reason)


def _kept_key(session: Session) -> str:
    """Return the name of the key that is kept to, a character's mode of it, where it fits."""
    character, key = find_character(session.wishes.character_id), session.key
    if key is not None and character is not None:
        key = character.key_for(key)
    return key.name if key is not None and len(key.name) <= _LONGEST_KEY else "key"


def meaning_of(surprise: int) -> str:
    """Return what a place of the surprise slider means, 0-100."""
    return next(words for highest, words in _MEANINGS if surprise <= highest)


def captioned(words: str, meaning: QLabel) -> QHBoxLayout:
    """Return a row of a control's name and, at the right, what its value means."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(words))
    row.addStretch(1)
    row.addWidget(meaning, 0, Qt.AlignmentFlag.AlignBottom)
    return row


def _number(name: str, highest: int) -> NumberField:
    field = NumberField(1, highest)
    describe(field, name)
    return field
