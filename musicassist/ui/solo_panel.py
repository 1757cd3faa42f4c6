"""What the next solos shall be like, and the button that makes them."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from musicassist.app.soloist_service import ModelChoice
from musicassist.generation.soloist import MOST_BARS, MOST_TAKES
from musicassist.music.session import HIGHEST_SEED, Session
from musicassist.ui.controls import Button, CheckBox, ComboBox, NumberField, Slider, label
from musicassist.ui.hints import describe, enable
from musicassist.ui.theme import Theme

_AS_LEARNED: Final = 50
_MOST_TYPED_SEED: Final = 2**31 - 1  # a spin box counts in 32 signed bits
_MEANINGS: Final = (
    (12, "as close as it gets"),
    (37, "close to your phrase"),
    (62, "as learned"),
    (87, "adventurous"),
    (100, "wild"),
)


class SoloPanel(QWidget):
    """Shows the wishes of a session; every change is sent as `wish_changed(name, value)`."""

    wish_changed = Signal(str, object)
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
        self.surprise = Slider(resting=_AS_LEARNED)
        describe(self.surprise, "surprise_slider")
        self.meaning = label("", "caption")
        self.key_lock = CheckBox("Stay in key")
        describe(self.key_lock, "key_lock_box")
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
        index = self.model.findData(wishes.model_id)
        self.bars.show_number(wishes.n_bars)
        self.takes.show_number(wishes.n_takes)
        self.seed.show_number(min(wishes.seed, _MOST_TYPED_SEED))
        self.surprise.blockSignals(True)
        self.surprise.setValue(round(wishes.surprise * 100))
        self.surprise.blockSignals(False)
        self.model.blockSignals(True)
        self.model.setCurrentIndex(max(index, 0) if self._choices else -1)
        self.model.blockSignals(False)
        self.key_lock.blockSignals(True)
        self.key_lock.setChecked(wishes.is_key_locked)
        self.key_lock.blockSignals(False)
        key = session.key
        self.key_lock.setText(f"Stay in {key.name}" if key is not None else "Stay in key")
        self.meaning.setText(meaning_of(self.surprise.value()))
        self._show_go()

    def show_busy(self, *, is_busy: bool) -> None:
        """Show that the soloist is at work."""
        self._is_busy = is_busy
        self._show_go()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.model.show_theme(theme)
        self.key_lock.show_theme(theme)
        self.go.show_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label("Solo", "title"))
        column.addWidget(self.model)
        column.addSpacing(4)
        column.addLayout(captioned("Surprise", self.meaning))
        column.addWidget(self.surprise)
        column.addWidget(self.key_lock)
        column.addSpacing(4)
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(8)
        numbers.setVerticalSpacing(8)
        for place, (words, field) in enumerate(
            (("Bars", self.bars), ("Takes", self.takes), ("Seed", self.seed))
        ):
            caption = label(words, "second")
            caption.setBuddy(field)
            row, column_at = divmod(place, 2)
            numbers.addWidget(caption, row, column_at * 2)
            span = 3 if field is self.seed else 1
            numbers.addWidget(field, row, column_at * 2 + 1, 1, span)
        numbers.setColumnStretch(1, 1)
        numbers.setColumnStretch(3, 1)
        column.addLayout(numbers)
        column.addSpacing(8)
        column.addWidget(self.go)

    def _connect(self) -> None:
        wish = self.wish_changed.emit
        self.model.currentIndexChanged.connect(
            lambda _i: wish("model_id", self.model.currentData())
        )
        self.surprise.valueChanged.connect(self._on_surprise_moved)
        self.key_lock.toggled.connect(lambda is_on: wish("is_key_locked", is_on))
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
