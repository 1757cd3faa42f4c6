"""A solo's card: its picture, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from musicassist.music.clip import Clip
from musicassist.music.session import NumberedSolo
from musicassist.ui.controls import Button, ElidedLabel, restyle
from musicassist.ui.drag_handle import DragHandle
from musicassist.ui.hints import HINTS, describe, enable, plain_tip
from musicassist.ui.note_picture import NotePicture
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import DARK, Theme, scaled
from musicassist.ui.wish_words import summary_of

Deed = Literal[
    "select", "audition", "star", "reject", "bring_back", "remove", "compare", "drag_hint"
]

_TILE_PX: Final = 36
_TITLE_PX: Final = 80
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class CardState:
    """What a card shows beside its solo.

    Attributes:
        is_selected: Whether it is the chosen one.
        is_playing: Whether it is heard.
        side: "A" or "B" while it is compared; empty for neither.
        can_compare: Whether there is a chosen solo to compare it with.
        is_of_another_phrase: Whether it answers another phrase than the one shown.
    """

    is_selected: bool = False
    is_playing: bool = False
    side: Literal["", "A", "B"] = ""
    can_compare: bool = True
    is_of_another_phrase: bool = False


class TakeCard(QFrame):
    """Shows one solo after another: a card that is scrolled away is used for what comes into sight.

    `wanted(deed, number)` comes when one of its buttons is pressed, `renamed(number, title)` when
    another name was typed, and `menu_wanted(number, place)` for everything else, place on screen.

    Args:
        make_drag_file: Writes the file of a solo's number for a drag; None when it cannot.
    """

    wanted = Signal(str, int)
    renamed = Signal(int, str)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, make_drag_file: Callable[[int], Path | None]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.number = 0
        self._shown: tuple[NumberedSolo, Clip, CardState] | None = None
        self._theme = DARK
        self.title = ElidedLabel(role="title")
        self.editor = QLineEdit()
        self.editor.setProperty("role", "inline")
        self.editor.hide()
        self.editor.installEventFilter(self)
        self.detail = ElidedLabel(role="caption")
        self.summary = ElidedLabel(role="caption")
        self.picture = NotePicture()
        self.star = Button(role="bare", icon_name="star")
        self.more = Button(role="bare", icon_name="more")
        self.reject = Button(role="bare", icon_name="close")
        self.audition = Button(role="tile", icon_name="play")
        self.compare = Button("A/B", role="tile")
        self.compare.setCheckable(True)
        self.handle = DragHandle(lambda: make_drag_file(self.number), self.picture.grab)
        self.bring_back = Button("Bring back", role="deep", icon_name="undo")
        self.remove = Button(role="tile", icon_name="bin")
        for tile in (self.audition, self.compare, self.remove):
            hold_size(tile, width_px=_TILE_PX)
        self._names: tuple[tuple[QWidget, str], ...] = (
            (self, "take_card"),
            (self.editor, "title_field"),
            (self.star, "star_button"),
            (self.more, "more_button"),
            (self.reject, "reject_button"),
            (self.audition, "audition_button"),
            (self.compare, "compare_button"),
            (self.handle, "drag_handle"),
            (self.bring_back, "bring_back_button"),
            (self.remove, "remove_button"),
        )
        for widget, name in self._names:
            describe(widget, name, number=0)
        self._lay_out()
        self._connect()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What can be reached by Tab, in order."""
        top = (self.editor, self.star, self.more, self.reject)
        return (*top, self.audition, self.compare, self.handle, self.bring_back, self.remove)

    @property
    def is_renaming(self) -> bool:
        """Whether its name is being typed."""
        return not self.editor.isHidden()

    def show_solo(self, numbered: NumberedSolo, clip: Clip, state: CardState) -> None:
        """Show a solo, or another state of it; a name being typed stays as long as it is there."""
        if self._shown is not None:
            before, clip_before, state_before = self._shown
            if before is numbered and clip_before is clip and state_before == state:
                return
        if numbered.number != self.number:
            self.end_renaming()
            self._take_number(numbered.number)
        self._shown = (numbered, clip, state)
        self.title.show_text(numbered.name)
        # Where there is no room for both, what stands beside the name yields first.
        self.title.setMinimumWidth(min(self.title.sizeHint().width(), scaled(_TITLE_PX)))
        self.title.setToolTip(plain_tip(numbered.name))
        seed = f"seed {numbered.solo.seed}"
        # A name somebody typed gets the room beside it.
        beside = [] if numbered.title else [seed]
        under = [seed] if numbered.title and not numbered.comp else []
        other = ["of another phrase"] if state.is_of_another_phrase else []
        self.summary.show_text(" · ".join([*under, summary_of(numbered), *other]))
        self.summary.setToolTip(plain_tip(self.summary.whole_text))
        self.detail.show_text(" · ".join([*beside, *(["playing"] if state.is_playing else [])]))
        _style(self.detail, "role", "sounding" if state.is_playing else "caption")
        _style(self, "is_selected", "true" if state.is_selected else "false")
        self.picture.show_clip(clip, is_selected=state.is_selected)
        self._show_buttons(numbered, state)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for button in (self.star, self.more, self.reject, self.audition, self.handle):
            button.show_theme(theme)
        self.bring_back.show_theme(theme)
        self.remove.show_theme(theme)
        self.picture.show_theme(theme)

    def begin_renaming(self) -> None:
        """Let the name be typed where it stands."""
        if self._shown is None:
            return
        for each in (self.title, self.detail):
            each.hide()
        self.editor.setText(self._shown[0].name)
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.selectAll()

    def end_renaming(self, *, is_taken: bool = True) -> None:
        """Take the name that was typed, or leave the one before."""
        if not self.is_renaming:
            return
        self.editor.hide()
        for each in (self.title, self.detail):
            each.show()
        if is_taken:
            self.renamed.emit(self.number, self.editor.text())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this solo."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit("select", self.number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the name be typed where it was clicked."""
        if self.title.geometry().contains(event.position().toPoint()):
            self.begin_renaming()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask what to do with it."""
        self.menu_wanted.emit(self.number, event.globalPos())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Take the name on Enter or when the focus goes elsewhere, leave it on Escape."""
        if watched is not self.editor or not self.is_renaming:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.end_renaming()
            return False
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if not is_override and event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        if event.key() != Qt.Key.Key_Escape and event.key() not in _ENTER:
            return False
        if is_override:
            event.accept()
        else:
            self.end_renaming(is_taken=event.key() in _ENTER)
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _take_number(self, number: int) -> None:
        self.number = number
        for widget, name in self._names:
            widget.setObjectName(f"{name}_{number}")
            if widget is self.editor:
                widget.setAccessibleName(f"{HINTS[name].name} {number}")

    def _show_buttons(self, numbered: NumberedSolo, state: CardState) -> None:
        name = numbered.name
        self.star.show_icon(
            "starred" if numbered.is_starred else "star",
            "machine" if numbered.is_starred else "secondary",
        )
        is_kept = not numbered.is_rejected
        for button, is_there in (
            (self.star, is_kept),
            (self.reject, is_kept),
            (self.compare, is_kept),
            (self.handle, is_kept),
            (self.bring_back, not is_kept),
            (self.remove, not is_kept),
        ):
            button.setVisible(is_there)
        self.audition.show_icon(
            "stop" if state.is_playing else "play", "sounding" if state.is_playing else "text"
        )
        self.compare.setText(state.side or "A/B")
        self.compare.setChecked(bool(state.side) and state.is_selected)
        reason = "This is the chosen solo: press A/B on another one to compare them."
        enable(self.compare, "compare_button", is_enabled=state.can_compare, reason=reason)
        words = {
            self.star: "Take the star away" if numbered.is_starred else HINTS["star_button"].name,
            self.audition: "Stop" if state.is_playing else HINTS["audition_button"].name,
            self.compare: f"{state.side} of the comparison" if state.side else "Compare",
            self.more: HINTS["more_button"].name,
            self.reject: HINTS["reject_button"].name,
            self.handle: HINTS["drag_handle"].name,
            self.bring_back: HINTS["bring_back_button"].name,
            self.remove: HINTS["remove_button"].name,
        }
        for button, deed in words.items():
            button.setAccessibleName(f"{deed}: {name}")
        self.setAccessibleName(f"{name}, {self.detail.whole_text}, {self.summary.whole_text}")

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(4)
        heading.addWidget(self.title)
        heading.addWidget(self.editor, 100)
        heading.addSpacing(4)
        heading.addWidget(self.detail, 0, Qt.AlignmentFlag.AlignVCenter)
        heading.addStretch(1)
        for button in (self.star, self.more, self.reject):
            heading.addWidget(button)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        actions.addWidget(self.audition)
        actions.addWidget(self.compare)
        actions.addWidget(self.handle, 1)
        actions.addWidget(self.bring_back, 1)
        actions.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self.summary)
        column.addSpacing(4)
        column.addWidget(self.picture)
        column.addSpacing(8)
        column.addLayout(actions)

    def _connect(self) -> None:
        deeds: tuple[tuple[Button, Deed], ...] = (
            (self.audition, "audition"),
            (self.star, "star"),
            (self.reject, "reject"),
            (self.bring_back, "bring_back"),
            (self.remove, "remove"),
            (self.compare, "compare"),
            (self.handle, "drag_hint"),
        )
        for button, deed in deeds:
            button.clicked.connect(lambda _is_on, deed=deed: self.wanted.emit(deed, self.number))
        self.more.clicked.connect(
            lambda: self.menu_wanted.emit(
                self.number, self.more.mapToGlobal(self.more.rect().bottomLeft())
            )
        )


def _style(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the stylesheet looks at, and let it be seen if it is another."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        restyle(widget)
