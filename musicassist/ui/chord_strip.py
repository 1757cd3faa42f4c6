"""The chords along the time line: a cell each, chosen, typed, moved and copied in place."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)

from musicassist.app.arrangement import Arrangement
from musicassist.app.chord_track import ChordTrack
from musicassist.errors import ChordSpellingError
from musicassist.music.session import Session
from musicassist.ui import icons
from musicassist.ui.chord_cells import (
    CHEVRON_PX,
    CellPainter,
    ShownCell,
    cells_between,
    shown_cells,
)
from musicassist.ui.chord_field import ChordField, Way
from musicassist.ui.chord_selection import ChordSelection, Range
from musicassist.ui.controls import Button
from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane
from musicassist.ui.theme import SMALL_PX, TINY_PX, Theme, font, scaled
from musicassist.ui.time_axis import TimeAxis

HEIGHT_PX: Final = 40
_EDGE_PX: Final = 4
_FIELD_PX: Final = 72
_LEAST_CHEVRON_CELL_PX: Final = 56
_EMPTY: Final = "Click here and type a chord, or choose one under Chords"
_USE_WORDS: Final = ("Use these chords", "Use these", "Use")
_USE_SHARE: Final = 0.2  # of the lane, for the chords are to be seen
_BEGINS: Final = "ABCDEFGabcdefgNn"  # what a chord's name can begin with


@dataclass(slots=True)
class _Drag:
    """What the mouse has taken hold of: a change, the end of what is typed, or a range."""

    part: str
    ticks: int
    movement: str


class ChordStrip(Lane):
    """Shows the chords; what is chosen in it is violet.

    A click chooses a chord, Shift reaches further, typing enters another one, a double-click edits
    it, one with Alt adds another. `palette_wanted` asks for the chords to choose from,
    `menu_wanted(place, ticks)` for everything that can be done; `selection_changed` comes when
    something else is chosen or what is chosen says something else, `theme_shown` when it is drawn
    in other colours.

    Args:
        axis: The scale it shares with the other lanes.
        chords: Every way to change them.
    """

    editing_ended = Signal()
    palette_wanted = Signal()
    menu_wanted = Signal(QPoint, float)
    selection_changed = Signal()
    theme_shown = Signal(object)

    def __init__(self, axis: TimeAxis, chords: ChordTrack) -> None:
        super().__init__(axis)
        self._chords = chords
        self._chosen = ChordSelection()
        self._edited: Range | None = None
        self._drag: _Drag | None = None
        self._n_drags = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(scaled(HEIGHT_PX))
        describe(self, "chord_strip")
        self.editor = ChordField(self, "chord_field")
        self.editor.hide()
        self.keep = Button(_USE_WORDS[0], role="small")
        self.keep.setParent(self)
        describe(self.keep, "keep_chords_button")
        self.keep.hide()
        self.keep.clicked.connect(chords.keep_heard)
        self.editor.entered.connect(self._on_editor_entered)
        self.editor.left.connect(self._on_editor_left)
        axis.changed.connect(self._place_editor)
        chords.changed.connect(self._show_chords)
        chords.opened.connect(self._on_chords_opened)

    @property
    def selection(self) -> Range | None:
        """The range chosen."""
        return self._chosen.chosen

    @property
    def written(self) -> Range | None:
        """The range chosen, to the end of its last chord."""
        return self._chosen.written

    def text_at(self, ticks: int) -> str:
        """Return the chord at a place, as it is written; empty for none."""
        return self._chosen.text_at(ticks)

    def cell_at(self, ticks: float) -> ShownCell:
        """Return the cell a place lies in."""
        return self._chosen.cell_at(ticks)

    @property
    def cells(self) -> tuple[ShownCell, ...]:
        """The cells there are."""
        return self._chosen.cells

    @property
    def is_by_beat(self) -> bool:
        """Whether keys and entries go on by beats instead of bars."""
        return self._chosen.is_by_beat

    def set_by_beat(self, is_by_beat: bool) -> None:
        """Go on by beats, or by bars."""
        self._chosen.is_by_beat = is_by_beat
        if self._chosen.focus is not None:
            self.select(self._chosen.range_at(self._chosen.focus[0]))

    def select(self, chosen: Range | None, *, is_further: bool = False) -> None:
        """Choose a range, or let the one chosen reach to it."""
        self._chosen.choose(chosen, is_further=is_further)
        if chosen is not None and chosen[1] > self.axis.length_ticks:
            self.axis.set_length(chosen[1])
        elif chosen is not None and self.isVisible():
            self.axis.keep_seen(chosen[0])
        self._show_chords()

    def step(self, n_steps: int, *, is_further: bool = False) -> None:
        """Choose what lies before or behind."""
        place = self._chosen.neighbour(n_steps)
        if place is None or (is_further and place >= self._chosen.end_ticks):
            return
        self.select(self._chosen.range_at(self._beyond(place)), is_further=is_further)

    def select_all(self) -> None:
        """Choose the whole track."""
        self.select((0, self._chosen.end_ticks))

    def enter(self, text: str, way: Way = "bar") -> None:
        """Put a chord into what is chosen, and go on.

        Raises:
            ChordSpellingError: It is not understood; nothing is changed.
        """
        chosen = self._edited or self._chosen.written
        if chosen is None:
            chosen = self._chosen.range_at(0)
        end_ticks = self._chords.set_chord(*chosen, text)
        self._go_on(chosen[0], end_ticks, way, has_bars="|" in text)

    def edit(self) -> None:
        """Let all chords be typed as one line."""
        self._edited = None
        self.editor.start(self.session.progression_text, is_for_all=True)
        self._place_editor()

    def edit_cell(self, begun: str = "", place: Range | None = None) -> None:
        """Let the chord chosen be typed in place.

        Args:
            begun: What has been typed of it.
            place: Which range; None for the one chosen.
        """
        if place is None and self._chosen.focus is None:
            self.select(self._chosen.range_at(0))
        self._edited = place or self._chosen.written
        assert self._edited is not None
        text = begun or self._chosen.text_at(self._edited[0])
        self.editor.start(text, is_for_all=False, is_begun=bool(begun))
        self._place_editor()

    def new_chord_at(self, ticks: float) -> Range:
        """Return where a chord would stand that is added at a place."""
        return self._chosen.new_chord_at(ticks)

    def add_at(self, ticks: float) -> None:
        """Let a chord be typed that begins at the beat of a place."""
        place = self.new_chord_at(ticks)
        self.edit_cell(place=place)
        if place[0] > self._chosen.cell_at(place[0]).start_ticks:
            self.editor.line.clear()

    def take(self) -> None:
        """Take what was typed, or say what is wrong with it and let it be mended."""
        self._on_editor_entered("stay")

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session."""
        super().show_session(session, arrangement)
        self._show_chords()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, as large as text is shown."""
        super().show_theme(theme)
        self.keep.show_theme(theme)
        self.setFixedHeight(scaled(HEIGHT_PX))
        self._place_keep()
        self._place_editor()
        self.theme_shown.emit(theme)

    def show_playhead(self, ticks: float) -> None:
        """Move the playhead, and light the chord it is in."""
        was, now = self._chosen.index_at(self.playhead_ticks), self._chosen.index_at(ticks)
        super().show_playhead(ticks)
        if was != now:
            self.update()

    def event(self, event: QEvent) -> bool:
        """Keep letters that begin a chord from being the window's keys."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if _begins_chord(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin to type a chord."""
        if _begins_chord(event):
            self.edit_cell(event.text().upper())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say where one is."""
        super().focusInEvent(event)
        if self.shows_focus and self._chosen.focus is None:
            self.select(self._chosen.range_at(0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell, take hold of a border, or open the palette."""
        x = event.position().x()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if x < self.axis.gutter_px:
            if self._chosen.focus is None:
                self.select(self._chosen.range_at(0))
            self.palette_wanted.emit()
            return
        border = self._border_at(x)
        if border is not None:
            self._n_drags += 1
            part, ticks = border
            self._drag = _Drag(part, ticks, f"drag {self._n_drags}")
            return
        ticks = max(0, int(self.axis.ticks_at(x)))
        chosen = self._chosen.range_at(ticks)
        is_chevron = chosen == self.selection and x > self._chevron_x(chosen)
        self.select(chosen, is_further=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if is_chevron:
            self.palette_wanted.emit()
        else:
            self._drag = _Drag("range", ticks, "")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move a border, choose further, or show what can be taken hold of."""
        x = event.position().x()
        ticks = max(0.0, self.axis.ticks_at(x))
        drag = self._drag
        if drag is None:
            is_border = x >= self.axis.gutter_px and self._border_at(x) is not None
            shape = Qt.CursorShape.SizeHorCursor if is_border else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
        elif drag.part == "range":
            within = min(int(ticks), max(0, self._chosen.end_ticks - 1))
            self.select(self._chosen.range_at(within), is_further=True)
        elif drag.part == "end":
            self._chords.repeat_to(round(ticks), drag.movement)
        else:
            to_bar = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            place = self._chosen.snapped(ticks, to_bar=to_bar)
            drag.ticks = self._chords.move_change(drag.ticks, place, drag.movement)
            self.select(self._chosen.range_at(drag.ticks))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the chord under the pointer be typed, with Alt another that begins at its beat."""
        x = event.position().x()
        if x < self.axis.gutter_px or event.button() != Qt.MouseButton.LeftButton:
            return
        self._drag = None
        ticks = max(0.0, self.axis.ticks_at(x))
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.add_at(ticks)
        else:
            cell = self._chosen.cell_at(ticks)
            self.edit_cell(place=(cell.start_ticks, cell.end_ticks))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer everything that can be done with what is chosen."""
        place = event.pos()
        ticks = max(0.0, self.axis.ticks_at(place.x()))
        if event.reason() == QContextMenuEvent.Reason.Mouse and place.x() >= self.axis.gutter_px:
            chosen, here = self.selection, self._chosen.range_at(int(ticks))
            if chosen is None or not chosen[0] <= here[0] < chosen[1]:
                self.select(here)
        elif self._chosen.focus is not None:
            ticks = self._chosen.focus[0]
            place = QPoint(int(self.axis.x_at(ticks)), self.height())
        self.menu_wanted.emit(self.mapToGlobal(place), ticks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the field and the button in their places."""
        super().resizeEvent(event)
        self._place_keep()
        self._place_editor()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a cell a chord."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        self._draw_gutter(painter)
        if self.shows_focus:
            painter.setPen(QPen(QColor(theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self.clip_to_lane(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        timebase, height, around = self.session.timebase, self.height(), event.rect()
        cells = CellPainter(painter, theme, self.axis, timebase, height, around)
        if any(cell.kind != "empty" for cell in self.cells) or self.selection is not None:
            cells.draw_all(self.cells, self.selection, self.playhead_ticks)
            self._draw_chevron(cells)
        else:
            painter.setFont(font(SMALL_PX))
            painter.setPen(QColor(theme.secondary))
            into = QRectF(self.rect()).adjusted(self.axis.gutter_px + 12, 0, -12, 0)
            end = Qt.TextElideMode.ElideRight
            words = painter.fontMetrics().elidedText(_EMPTY, end, int(into.width()))
            painter.drawText(into, Qt.AlignmentFlag.AlignVCenter, words)
        self.draw_playhead(painter)

    def _draw_gutter(self, painter: QPainter) -> None:
        theme, size = self.theme, scaled(8)
        painter.setFont(font(TINY_PX))
        painter.setPen(QColor(theme.secondary))
        words = QRectF(0, 0, self.axis.gutter_px - size - 8, self.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        shown = painter.fontMetrics().elidedText(
            "Chords", Qt.TextElideMode.ElideRight, int(words.width())
        )
        if len(shown) > 2:
            painter.drawText(words, right, shown)
        arrow = QRectF(self.axis.gutter_px - size - 5, (self.height() - size) / 2, size, size)
        icons.draw(painter, "chevron", arrow, QColor(theme.secondary))

    def _draw_chevron(self, cells: CellPainter) -> None:
        if (chosen := self.selection) is None or not self._chosen.is_single:
            return
        into = cells.rect(*chosen)
        if into.width() >= scaled(_LEAST_CHEVRON_CELL_PX):
            cells.draw_chevron(into)

    def _show_chords(self) -> None:
        """Show the chords as they are, and say what is chosen of them."""
        heard = self._chords.heard
        whole_ticks = self._chords.whole_ticks
        if self._chosen.focus is not None:
            whole_ticks = max(whole_ticks, self._chosen.focus[1])
        timebase = self.session.timebase
        self._chosen.timebase = timebase
        self._chosen.cells = shown_cells(self.session.progression, heard, timebase, whole_ticks)
        self.keep.setVisible(heard is not None)
        self._place_keep()
        self._place_editor()
        words = self._chosen.words
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            told = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(told)
        self.update()
        self.selection_changed.emit()

    def _go_on(self, start_ticks: int, end_ticks: int, way: Way, *, has_bars: bool) -> None:
        """Choose what comes after a chord that was entered."""
        timebase = self.session.timebase
        if way == "stay":
            self._show_chords()
            return
        if way == "back":
            self.select(self._chosen.range_at(max(0, start_ticks - 1)))
            return
        place = end_ticks
        if way == "bar":
            next_ticks = timebase.bar_start_ticks(timebase.bar_at(start_ticks) + 1)
            if self._chosen.is_by_beat:
                next_ticks = self._chosen.beat_at(start_ticks)[1]
            place = max(next_ticks, end_ticks) if has_bars else next_ticks
        self.select(self._chosen.range_at(self._beyond(place)))

    def _beyond(self, place: int) -> int:
        """Return a place, or the start where the music is over and chords go round with it."""
        typed = self.session.progression
        is_music_longer = typed is None or typed.length_ticks < self.arrangement.length_ticks
        if place >= self._chords.whole_ticks and (is_music_longer or typed is None):
            return 0
        return place

    def _border_at(self, x: float) -> tuple[str, int] | None:
        """Return the change, or the end of what is typed, that can be taken hold of at a place."""
        typed = self.session.progression
        around = self.axis.ticks_at(x - _EDGE_PX), self.axis.ticks_at(x + _EDGE_PX)
        for cell in cells_between(self.cells, *around):
            if cell.kind == "empty" or cell.start_ticks == 0:
                continue
            if abs(self.axis.x_at(cell.start_ticks) - x) <= _EDGE_PX:
                is_end = typed is not None and cell.start_ticks == typed.length_ticks
                return ("end" if is_end else "change"), cell.start_ticks
        if typed is not None and abs(self.axis.x_at(typed.length_ticks) - x) <= _EDGE_PX:
            return "end", typed.length_ticks
        return None

    def _chevron_x(self, chosen: Range) -> float:
        width = self.axis.x_at(chosen[1]) - self.axis.x_at(chosen[0])
        if width < scaled(_LEAST_CHEVRON_CELL_PX):
            return float("inf")
        return self.axis.x_at(chosen[1]) - scaled(CHEVRON_PX)

    def _place_editor(self) -> None:
        if self.editor.isHidden():
            return
        left_px, width = self.axis.gutter_px, self.width() - self.axis.gutter_px
        if not self.editor.is_for_all and self._edited is not None:
            start_px = self.axis.x_at(self._edited[0])
            room_px = self.axis.x_at(self._edited[1]) - start_px
            width = min(width, max(round(room_px), scaled(_FIELD_PX)))
            left_px = max(self.axis.gutter_px, min(round(start_px), self.width() - width))
        self.editor.setGeometry(left_px, 1, width, self.height() - 2)

    def _place_keep(self) -> None:
        """Put the button over the end of the lane, with fewer words where there is little room."""
        for words in _USE_WORDS:
            self.keep.setText(words)
            size = self.keep.sizeHint()
            if size.width() <= _USE_SHARE * (self.width() - self.axis.gutter_px):
                break
        top = (self.height() - size.height()) // 2
        self.keep.setGeometry(self.width() - size.width() - 4, top, size.width(), size.height())

    def _on_chords_opened(self) -> None:
        """Choose nothing of another session, nor put what is being typed into it."""
        self.editor.leave(by_key=False)
        self.select(None)

    def _on_editor_entered(self, way: Way) -> None:
        text = self.editor.line.text()
        try:
            if self.editor.is_for_all:
                self._chords.set_text(text)
            elif text.strip():
                self.enter(text, way)
        except ChordSpellingError as error:
            self.editor.show_problem(error)
            return
        self.editor.leave(by_key=self.editor.line.hasFocus())

    def _on_editor_left(self, by_key: bool) -> None:
        self._edited = None
        if by_key and self.editor.is_for_all:
            self.editing_ended.emit()
        elif by_key:
            self.setFocus(Qt.FocusReason.OtherFocusReason)


def _begins_chord(event: QKeyEvent) -> bool:
    plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    return event.modifiers() in plain and len(event.text()) == 1 and event.text() in _BEGINS
