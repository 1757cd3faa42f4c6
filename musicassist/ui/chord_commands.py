"""What can be done with the chords chosen: by keys, and by the menu behind the right button."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from musicassist.app.chord_track import ChordTrack
from musicassist.errors import ChordSpellingError
from musicassist.music.chord_text import progression_text
from musicassist.music.chords import Progression
from musicassist.ui.actions import Actions
from musicassist.ui.chord_strip import ChordStrip

if TYPE_CHECKING:
    from musicassist.ui.chord_editor import ChordEditor

_STEPS: Final = (
    ("Up a semitone", 1),
    ("Up a whole tone", 2),
    ("Up a fourth", 5),
    ("Down a semitone", -1),
    ("Down a whole tone", -2),
    ("Down a fourth", -5),
)


def connect_chords(strip: ChordStrip, chords: ChordTrack, actions: Actions) -> None:
    """Let the chord track be worked with by keys, menu and palette."""
    ChordCommands(strip, chords, actions)


class ChordCommands(QObject):
    """Ties the commands of the chord track, its menu and its palette to what they do.

    Args:
        strip: Where chords are chosen; it owns this.
        chords: Every way to change them.
        actions: The window's commands, to which those of the chords are added.
    """

    def __init__(self, strip: ChordStrip, chords: ChordTrack, actions: Actions) -> None:
        super().__init__(strip)
        self._strip = strip
        self._chords = chords
        self._actions = actions
        self._copied: tuple[Progression, str] | None = None
        self._editor: ChordEditor | None = None
        for name, act in self._acts().items():
            actions.add(name, act, lane=strip)
        strip.palette_wanted.connect(self.show_palette)
        strip.menu_wanted.connect(self._show_menu)
        chords.played.played.connect(self._on_played)

    @property
    def editor(self) -> "ChordEditor":
        """The palette; it is made when it is first wanted."""
        if self._editor is None:
            from musicassist.ui.chord_editor import ChordEditor

            self._editor = ChordEditor(self._strip, self._chords)
            self._editor.line_wanted.connect(self._strip.edit)
            self._editor.show_theme(self._strip.theme)
        return self._editor

    def show_palette(self) -> None:
        """Show the chords to choose from."""
        self.editor.open("Palette")

    def clear(self) -> None:
        """Let the chord before what is chosen hold on."""
        if (chosen := self._strip.written) is not None:
            self._chords.clear(*chosen)

    def remove_bars(self) -> None:
        """Cut the bars chosen out."""
        if (chosen := self._strip.written) is not None:
            self._chords.remove_bars(*chosen)

    def copy(self) -> None:
        """Take a copy of what is chosen, as text for other programs too."""
        if (chosen := self._strip.written) is None:
            return
        part, timebase = self._chords.part(*chosen), self._strip.session.timebase
        bar_ticks = timebase.bar_start_ticks(timebase.bar_at(chosen[0]))
        text = progression_text(part, timebase.from_ticks(bar_ticks))
        self._copied = part, text
        QGuiApplication.clipboard().setText(text)

    def cut(self) -> None:
        """Take a copy, and clear."""
        self.copy()
        self.clear()

    def paste(self) -> None:
        """Put what was copied, here or as text elsewhere, from where it is chosen on."""
        chosen, text = self._strip.written, QGuiApplication.clipboard().text().strip()
        if chosen is None or not text:
            return
        if self._copied is not None and self._copied[1] == text:
            part = self._copied[0]
            self._chords.put(chosen[0], part)
            self._strip.select((chosen[0], chosen[0] + part.length_ticks))
            return
        try:
            self._strip.select((chosen[0], self._chords.set_chord(*chosen, text)))
        except ChordSpellingError as error:
            self._strip.edit_cell(" ".join(text.split()))
            self._strip.editor.show_problem(error)

    def duplicate(self) -> None:
        """Put what is chosen once more behind itself, and choose that."""
        if (chosen := self._strip.written) is None:
            return
        part = self._chords.part(*chosen)
        self._chords.put(chosen[1], part, "Duplicate chords")
        self._strip.select((chosen[1], chosen[1] + part.length_ticks))

    def transpose(self, semitones: int) -> None:
        """Move the chords chosen up or down; all of them where none is."""
        cells = self._strip.cells
        chosen = self._strip.written or (0, cells[-1].end_ticks if cells else 0)
        self._chords.transpose(semitones, *chosen)

    def _acts(self) -> dict[str, Callable[[], object]]:
        strip, chords = self._strip, self._chords
        return {
            "chord_next": lambda: strip.step(1),
            "chord_previous": lambda: strip.step(-1),
            "chord_further": lambda: strip.step(1, is_further=True),
            "chord_back": lambda: strip.step(-1, is_further=True),
            "chord_all": strip.select_all,
            "chord_palette": self.show_palette,
            "chord_type": strip.edit_cell,
            "chord_line": strip.edit,
            "chord_cut": self.cut,
            "chord_copy": self.copy,
            "chord_paste": self.paste,
            "chord_duplicate": self.duplicate,
            "chord_clear": self.clear,
            "chord_remove": self.remove_bars,
            "chord_up": lambda: self.transpose(1),
            "chord_down": lambda: self.transpose(-1),
            "chord_presets": lambda: self.editor.open("Progressions"),
            "chord_find": chords.find_in_phrase,
            "chord_keep": chords.keep_heard,
        }

    def make_menu(self, ticks: float = 0) -> QMenu:
        """Return the menu of everything that can be done with what is chosen.

        Args:
            ticks: Where a chord can be added.
        """
        menu = QMenu(self._strip)
        menu.setObjectName("chord_menu")
        menu.setAccessibleName("Chords")
        menu.setToolTipsVisible(True)
        fill = self._actions.fill
        fill(menu, ("chord_palette", "chord_type"))
        self._offer_to_add(menu, ticks)
        fill(menu, ("chord_line", ""))
        fill(menu, ("chord_cut", "chord_copy", "chord_paste", "chord_duplicate", "chord_clear"))
        fill(menu, ("chord_remove",))
        menu.addAction("Repeat from here", self._repeat_from_here)
        fill(menu, ("", "chord_presets", "chord_find"))
        if self._chords.heard is not None:
            fill(menu, ("chord_keep",))
        menu.addSeparator()
        moved = menu.addMenu("Transpose these chords")
        everything = menu.addMenu("Transpose everything")
        for part in (moved, everything):
            assert isinstance(part, QMenu)
        for words, semitones in _STEPS:
            moved.addAction(words, partial(self.transpose, semitones))
            everything.addAction(words, partial(self._chords.transpose_everything, semitones))
        return menu

    def _offer_to_add(self, menu: QMenu, ticks: float) -> None:
        """Offer a chord on the beat of a place, unless one begins there."""
        strip = self._strip
        start_ticks, _ = strip.new_chord_at(ticks)
        cell = strip.cell_at(start_ticks)
        place = strip.session.timebase.position_at(start_ticks)
        words = f"Add a chord on beat {place.count}"
        if place.bar != strip.session.timebase.position_at(cell.start_ticks).bar:
            words += f" of bar {place.bar}"
        add = menu.addAction(words, partial(strip.add_at, start_ticks))
        if start_ticks == cell.start_ticks and cell.kind != "empty":
            add.setEnabled(False)
            add.setToolTip("A chord begins on this beat; type another in its place.")

    def _show_menu(self, place: QPoint, ticks: float) -> None:
        menu = self.make_menu(ticks)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _repeat_from_here(self) -> None:
        """Let the chords begin again behind what is chosen."""
        if (chosen := self._strip.selection) is not None:
            self._chords.repeat_to(chosen[1])

    def _on_played(self, text: str) -> None:
        self._strip.enter(text)
