"""What opens under a chord: the chords of the key to choose from, and whole progressions."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from musicassist.app.chord_track import ChordTrack
from musicassist.errors import ChordSpellingError
from musicassist.music.chords import parse_chord
from musicassist.ui.chord_field import ChordField, Way
from musicassist.ui.chord_palette import ChordPalette
from musicassist.ui.chord_strip import ChordStrip
from musicassist.ui.chord_words import shown_chord, spoken_place
from musicassist.ui.controls import Button, ElidedLabel, label
from musicassist.ui.hints import describe, describe_one_of
from musicassist.ui.preset_page import PresetPage
from musicassist.ui.theme import DARK, Theme

_PAGES: Final = ("Palette", "Progressions")
_MARGIN_PX: Final = 8
_EDGE_PX: Final = 2


class ChordEditor(QFrame):
    """Lies over the window under the chord that is chosen, until Escape or its cross.

    It holds nothing up: music goes on, keyboards play, and another chord can be chosen meanwhile.
    `line_wanted` asks for the field in which all chords are typed.

    Args:
        strip: Where chords are chosen.
        chords: Every way to change them.
    """

    line_wanted = Signal()

    def __init__(self, strip: ChordStrip, chords: ChordTrack) -> None:
        super().__init__(strip.window())
        self._strip = strip
        self._chords = chords
        self._theme = DARK
        self.setObjectName("chord_editor")
        self.setAccessibleName("Chords to choose from")
        self.setProperty("role", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel(role="title")
        self.entry = ChordField(self, "chord_entry", stays=True)
        self.play = Button("Play chords", role="small")
        self.sounds = Button(role="bare", icon_name="speaker")
        self.shut = Button(role="bare", icon_name="close")
        self.tabs = {name: Button(name, role="tab") for name in _PAGES}
        self.by = {name: Button(name, role="tab") for name in ("Bars", "Beats")}
        self.palette_page = ChordPalette()
        self.presets = PresetPage()
        self.search = Button("Find chords in my phrase", role="small")
        self.type_all = Button("Type all chords…", role="small")
        self._pages = QStackedWidget()
        self._describe()
        self._lay_out()
        self._connect()
        strip.window().installEventFilter(self)
        strip.installEventFilter(self)
        self.hide()

    def open(self, page: str) -> None:
        """Show a page under what is chosen, the first bar where nothing is."""
        if self._strip.selection is None:
            self._strip.step(1)
        self._show_page(page)
        self._show_chosen()
        self.show()
        self.show_theme(self._strip.theme)
        self.raise_()
        first = self.palette_page.first if page == "Palette" else self.presets.search
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_editor(self) -> None:
        """Put it away."""
        self.hide()
        self.play.setChecked(False)
        self._chords.preview.stop()
        self._strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, as large as text is shown."""
        self._theme = theme
        for button in (self.play, self.sounds, self.shut, self.search, self.type_all):
            button.show_theme(theme)
        self.palette_page.show_theme(theme)
        self.presets.show_theme(theme)
        if self.isVisible():
            self._place()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from being the window's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window or the strip moves."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self._place()
        return False

    def _describe(self) -> None:
        for widget, name in (
            (self.play, "play_chords_button"),
            (self.sounds, "hear_chords_button"),
            (self.shut, "palette_close_button"),
            (self.search, "find_chords_button"),
            (self.type_all, "type_chords_button"),
        ):
            describe(widget, name)
        for name, tab in self.tabs.items():
            describe_one_of(tab, "palette_tab", name.lower(), name)
        for name, tab in self.by.items():
            describe_one_of(tab, "chord_step_button", name.lower(), name)
        for button in (self.play, self.sounds, *self.tabs.values(), *self.by.values()):
            button.setCheckable(True)
        self.sounds.setChecked(True)

    def _lay_out(self) -> None:
        head, tabs, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (head, tabs, foot):
            row.setSpacing(_MARGIN_PX)
        head.addWidget(self.title, 1)
        for widget in (self.play, self.sounds, self.shut):
            head.addWidget(widget)
        for tab in self.tabs.values():
            tabs.addWidget(tab)
        tabs.addStretch(1)
        tabs.addWidget(label("Go on by", "caption"))
        for tab in self.by.values():
            tabs.addWidget(tab)
        foot.addWidget(self.search)
        foot.addWidget(self.type_all)
        foot.addStretch(1)
        self._pages.addWidget(self.palette_page)
        self._pages.addWidget(self.presets)
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(_MARGIN_PX)
        for row in (head, tabs):
            column.addLayout(row)
        column.addWidget(self.entry)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(*(_EDGE_PX - 1,) * 4)  # and the border
        around.addWidget(area)

    def _connect(self) -> None:
        chords, strip = self._chords, self._strip
        self.play.toggled.connect(chords.played.listen)
        self.sounds.toggled.connect(self._on_sounds_toggled)
        self.shut.clicked.connect(self.close_editor)
        for name, tab in self.tabs.items():
            tab.clicked.connect(lambda _on=False, name=name: self._show_page(name))
        for name, tab in self.by.items():
            tab.clicked.connect(lambda _on=False, name=name: self._go_on_by(name))
        self.palette_page.chosen.connect(self._enter)
        self.palette_page.pointed_at.connect(lambda text: chords.preview.sound(parse_chord(text)))
        self.presets.used.connect(self._use_preset)
        self.search.clicked.connect(chords.find_in_phrase)
        self.type_all.clicked.connect(self._type_all)
        self.entry.entered.connect(self._on_entry_entered)
        chords.played.named.connect(self._show_played)
        strip.selection_changed.connect(self._on_strip_selection_changed)
        chords.opened.connect(self._on_chords_opened)
        strip.theme_shown.connect(self.show_theme)
        self._go_on_by("Beats" if strip.is_by_beat else "Bars")

    def _show_page(self, name: str) -> None:
        self._pages.setCurrentIndex(_PAGES.index(name))
        ignored, preferred = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        pages = (self.palette_page, self.presets)
        for page, (each, tab) in zip(pages, self.tabs.items(), strict=True):
            tab.setChecked(each == name)
            # A page that is not seen must not ask for room.
            page.setSizePolicy(preferred, preferred if each == name else ignored)
        if self.isVisible():
            self._place()

    def _go_on_by(self, name: str) -> None:
        self._strip.set_by_beat(name == "Beats")
        for each, tab in self.by.items():
            tab.setChecked(each == name)

    def _show_chosen(self) -> None:
        """Show what is chosen, and the chords of the key it is in."""
        chosen = self._strip.selection
        self.palette_page.show_chords(self._chords.key, self._chords.recent)
        if chosen is None:
            return
        text = self._strip.text_at(chosen[0])
        place = spoken_place(self._strip.session.timebase, chosen[0])
        self.title.show_text(f"{place} · {shown_chord(text)}" if text else place)
        if not self.entry.line.isModified():
            self.entry.line.setText(text)
            self.entry.show_problem(None)
        if self.isVisible():
            self._place()

    def _show_played(self, text: str) -> None:
        chosen = self._strip.selection
        if text and chosen is not None:
            place = spoken_place(self._strip.session.timebase, chosen[0])
            self.title.show_text(f"{place} · you hold {shown_chord(text)}")
        else:
            self._show_chosen()

    def _enter(self, text: str) -> None:
        self.entry.line.setModified(False)
        self._strip.enter(text)

    def _on_strip_selection_changed(self) -> None:
        if self.isVisible():
            self._show_chosen()

    def _on_chords_opened(self) -> None:
        """Close, and forget what is typed: it was meant for another session."""
        self.entry.leave(by_key=False)
        if self.isVisible():
            self.close_editor()

    def _on_entry_entered(self, way: Way) -> None:
        text = self.entry.line.text().strip()
        if not text:
            return
        try:
            self.entry.line.setModified(False)
            self._strip.enter(text, way)
        except ChordSpellingError as error:
            self.entry.line.setModified(True)
            self.entry.show_problem(error)
            return
        if way != "stay":
            self.entry.line.selectAll()

    def _use_preset(self, preset: object, for_all: bool) -> None:
        self._chords.apply_preset(preset, None if for_all else self._strip.written)  # type: ignore[arg-type]

    def _type_all(self) -> None:
        self.close_editor()
        self.line_wanted.emit()

    def _on_sounds_toggled(self, is_on: bool) -> None:
        self._chords.preview.set_on(is_on)
        self.sounds.show_icon("speaker" if is_on else "muted", "secondary")

    def _place(self) -> None:
        """Lie under what is chosen, within the window."""
        window, strip = self._strip.window(), self._strip
        self.palette_page.even_out()
        for part in (self.palette_page, self._pages, self._inside):
            if (layout := part.layout()) is not None:
                layout.activate()
        below = strip.mapTo(window, QPoint(0, strip.height()))
        hint = self._inside.sizeHint().expandedTo(self._inside.minimumSizeHint())
        hint += QSize(2 * _EDGE_PX, 2 * _EDGE_PX)
        height = min(hint.height(), window.height() - below.y() - _MARGIN_PX)
        if height < hint.height():
            hint += QSize(self._area.verticalScrollBar().sizeHint().width(), 0)
        width = min(hint.width(), window.width() - 2 * _MARGIN_PX)
        chosen = strip.selection
        x = below.x() + (round(strip.axis.x_at(chosen[0])) if chosen is not None else 0)
        x = max(_MARGIN_PX, min(x, window.width() - width - _MARGIN_PX))
        self.setGeometry(x, below.y() + 2, width, height)
