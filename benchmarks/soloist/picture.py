"""Piano rolls as PNG files: a primer, the bar line that ends it, and what was answered.

Several rolls stand below each other on a sheet and share one time axis and one range of pitches, so
that they can be compared at a glance. Qt draws, without a screen.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QImageWriter, QPainter

from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import is_black, pitch_name
from musicassist.music.solo import moved_later
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

WIDTH: Final = 1600
FURTHEST_WIDE: Final = 40  # semitones a roll shows before its rows become thinner

_LEFT, _RIGHT, _MARGIN = 56, 20, 14
_TITLE_HEIGHT, _HEAD_HEIGHT, _CHORD_HEIGHT, _ROLL_GAP = 52, 30, 24, 16
_ROW_HEIGHT: Final = 9.0
_LEAST_ROWS: Final = 24
_SPARE_ROWS: Final = 2

_PAPER = QColor("#15171c")
_ROW, _BLACK_ROW = QColor("#1d2027"), QColor("#191b21")
_PRIMER_VEIL = QColor(255, 190, 90, 14)
_BEAT_LINE, _BAR_LINE, _TURN_LINE = QColor("#262a32"), QColor("#3d434f"), QColor("#c9ced8")
_TEXT, _QUIET, _CHORD = QColor("#e8eaef"), QColor("#8a92a2"), QColor("#cfd6e4")
_PRIMER, _ANSWER, _RETURN = QColor("#f2a73b"), QColor("#4fa3ff"), QColor("#5fd7a2")
_N_SHADES: Final = 6
_MOST_COLOURS: Final = 256
_FAINTEST: Final = 0.45  # how much of its colour the softest note keeps


@dataclass(frozen=True, slots=True)
class Roll:
    """One phrase and its answer, as drawn.

    Attributes:
        title: Who answers.
        facts: What is said beside the title.
        primer: What was played.
        answer: The answer; its tick 0 is at `start_ticks`.
        start_ticks: The bar line at which the answer begins.
        timebase: Tempo and metre of both.
        chords: What both are played over, or None.
        returning: For each note of the answer, in order, whether it belongs to a motif of the
            primer; empty marks none.
    """

    title: str
    facts: str
    primer: Clip
    answer: Clip
    start_ticks: int
    timebase: Timebase
    chords: Progression | None = None
    returning: tuple[bool, ...] = ()

    @property
    def end_ticks(self) -> int:
        """The end of the answer."""
        return self.start_ticks + self.answer.length_ticks

    @property
    def pitches(self) -> list[int]:
        """Every pitch in it."""
        return [note.pitch for clip in (self.primer, self.answer) for note in clip.notes]


def draw_sheet(title: str, subtitle: str, rolls: Sequence[Roll]) -> QImage:
    """Return a picture of some rolls, one below the other."""
    application()
    pitches = [pitch for roll in rolls for pitch in roll.pitches]
    middle = (min(pitches) + max(pitches)) / 2
    n_rows = max(max(pitches) - min(pitches) + 1 + 2 * _SPARE_ROWS, _LEAST_ROWS)
    lowest = round(middle - (n_rows - 1) / 2)
    row_height = _ROW_HEIGHT * min(1, FURTHEST_WIDE / n_rows)
    height = _HEAD_HEIGHT + _CHORD_HEIGHT + round(n_rows * row_height)
    whole = _TITLE_HEIGHT + len(rolls) * (height + _ROLL_GAP)
    image = QImage(WIDTH, whole, QImage.Format.Format_RGB32)
    image.fill(_PAPER)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    end = _write(painter, QRectF(_MARGIN, 8, 1000, 30), title, _TEXT, 19, is_bold=True)
    _write(painter, QRectF(end + 18, 10, 760, 28), subtitle, _QUIET, 13)
    _draw_legend(painter)
    longest_ticks = max(roll.end_ticks for roll in rolls)
    for index, roll in enumerate(rolls):
        top = _TITLE_HEIGHT + index * (height + _ROLL_GAP)
        view = _View(painter, roll, top, longest_ticks, lowest, n_rows, row_height)
        view.draw()
    painter.end()
    return image


def write_png(image: QImage, path: Path) -> None:
    """Write a picture with a palette of its commonest colours: a third of its size otherwise.

    Raises:
        OSError: It cannot be written.
    """
    pixels = np.frombuffer(image.constBits(), np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    palette = colours[np.argsort(-counts, kind="stable")[:_MOST_COLOURS]].tolist()
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    packed = image.convertToFormat(QImage.Format.Format_Indexed8, palette, flags)
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    if not writer.write(packed):
        raise OSError(f"{path.name} cannot be written: {writer.errorString()}")


def application() -> QGuiApplication:
    """Return Qt's application, without which it has no fonts; made where there is none."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    global _kept
    _kept = QGuiApplication([])
    return _kept


_kept: QGuiApplication | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """Where one roll lies on the sheet.

    Attributes:
        painter: Draws.
        roll: What is drawn.
        top: Its upper edge.
        longest_ticks: What the width of the sheet stands for.
        lowest: The lowest pitch shown.
        n_rows: How many pitches are shown.
        row_height: Height of each.
    """

    painter: QPainter
    roll: Roll
    top: float
    longest_ticks: int
    lowest: int
    n_rows: int
    row_height: float

    def draw(self) -> None:
        """Draw it all, from the ground up."""
        self._draw_rows()
        self._draw_lines()
        self._draw_chords()
        roll = self.roll
        for note in roll.primer.notes:
            self._draw_note(note.onset_ticks, note.end_ticks, note.pitch, note.velocity, _PRIMER)
        returning = roll.returning or (False,) * len(roll.answer.notes)
        answer = moved_later(roll.answer, roll.start_ticks)
        for note, returns in zip(answer.notes, returning, strict=True):
            colour = _RETURN if returns else _ANSWER
            self._draw_note(note.onset_ticks, note.end_ticks, note.pitch, note.velocity, colour)
        top = self.top + 2
        _write(self.painter, QRectF(_LEFT, top, 600, 24), roll.title, _TEXT, 14, is_bold=True)
        facts = QRectF(_LEFT + 260, top, WIDTH - _LEFT - 260 - _RIGHT, 24)
        _write(self.painter, facts, roll.facts, _QUIET, 12, Qt.AlignmentFlag.AlignRight)

    @property
    def _ground(self) -> float:
        return self.top + _HEAD_HEIGHT + _CHORD_HEIGHT

    @property
    def _height(self) -> float:
        return self.n_rows * self.row_height

    def _x(self, ticks: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * ticks / self.longest_ticks

    def _y(self, pitch: int) -> float:
        """Return the upper edge of a pitch's row."""
        return self._ground + (self.lowest + self.n_rows - 1 - pitch) * self.row_height

    def _draw_rows(self) -> None:
        width = self._x(self.roll.end_ticks) - _LEFT
        for pitch in range(self.lowest, self.lowest + self.n_rows):
            colour = _BLACK_ROW if is_black(pitch) else _ROW
            self._fill(_LEFT, self._y(pitch), width, self.row_height, colour)
            if pitch % 12 == 0:
                below = self._y(pitch) + self.row_height
                self._fill(_LEFT, below - 0.5, width, 1, _BAR_LINE)
                place = QRectF(0, below - self.row_height / 2 - 10, _LEFT - 8, 20)
                name = pitch_name(pitch)
                _write(self.painter, place, name, _QUIET, 11, Qt.AlignmentFlag.AlignRight)
        turn = self._x(self.roll.start_ticks)
        self._fill(_LEFT, self._ground, turn - _LEFT, self._height, _PRIMER_VEIL)

    def _draw_lines(self) -> None:
        roll, bar = self.roll, 0
        while (start_ticks := roll.timebase.bar_start_ticks(bar)) < roll.end_ticks:
            end_ticks = roll.timebase.bar_start_ticks(bar + 1)
            for ticks in range(start_ticks + TICKS_PER_BEAT, end_ticks, TICKS_PER_BEAT):
                self._fill(self._x(ticks), self._ground, 1, self._height, _BEAT_LINE)
            self._fill(self._x(start_ticks), self._ground, 1, self._height, _BAR_LINE)
            bar += 1
        turn = self._x(roll.start_ticks)
        self._fill(turn - 1, self.top + _HEAD_HEIGHT, 2, _CHORD_HEIGHT + self._height, _TURN_LINE)

    def _draw_chords(self) -> None:
        changes = () if self.roll.chords is None else self.roll.chords.changes
        place_y, free_from = self.top + _HEAD_HEIGHT, 0.0
        for onset_ticks, chord in changes:
            x = self._x(onset_ticks) + 3
            if onset_ticks >= self.roll.end_ticks or x < free_from:
                continue
            text = chord.text or ("NC" if chord.is_no_chord else "?")
            place = QRectF(x, place_y, 120, _CHORD_HEIGHT)
            end = _write(self.painter, place, text, _CHORD, 13)
            free_from = end + 4

    def _draw_note(
        self, onset_ticks: int, end_ticks: int, pitch: int, velocity: int, colour: QColor
    ) -> None:
        x = self._x(onset_ticks)
        width = max(self._x(min(end_ticks, self.roll.end_ticks)) - x - 1, 2)
        y = self._y(pitch)
        self._fill(x, y, width, self.row_height - 0.5, _shaded(colour, velocity))
        self._fill(x, y, min(2, width), self.row_height - 0.5, _shaded(colour.lighter(130), 127))

    def _fill(self, x: float, y: float, width: float, height: float, colour: QColor) -> None:
        self.painter.fillRect(QRectF(round(x), y, max(round(width), 1), height), colour)


def _shaded(colour: QColor, velocity: int) -> QColor:
    """Return a colour as strong as a note is struck; few shades, which keep files small."""
    share = round(max(0, velocity - 30) / 80 * _N_SHADES) / _N_SHADES
    kept = _FAINTEST + (1 - _FAINTEST) * min(1.0, share)
    mixed = [
        round(kept * fore + (1 - kept) * back)
        for fore, back in zip(colour.getRgb()[:3], _ROW.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*mixed)


def _draw_legend(painter: QPainter) -> None:
    x = float(WIDTH - _RIGHT)
    for text, colour in (
        ("answered with a motif of the phrase", _RETURN),
        ("answered", _ANSWER),
        ("played", _PRIMER),
    ):
        x -= _text_width(painter, text, 12)
        _write(painter, QRectF(x, 12, 400, 22), text, _QUIET, 12)
        x -= 21
        painter.fillRect(QRectF(x, 18, 14, 9), colour)
        x -= 24


def _text_width(painter: QPainter, text: str, size_px: int, *, is_bold: bool = False) -> float:
    """Choose a font and return how wide it writes a text."""
    font = QFont("DejaVu Sans")
    font.setPixelSize(size_px)
    font.setBold(is_bold)
    painter.setFont(font)
    return float(painter.fontMetrics().horizontalAdvance(text))


def _write(
    painter: QPainter,
    place: QRectF,
    text: str,
    colour: QColor,
    size_px: int,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    is_bold: bool = False,
) -> float:
    """Write a text and return where it ends, if it is aligned left."""
    width = _text_width(painter, text, size_px, is_bold=is_bold)
    painter.setPen(colour)
    painter.drawText(place, alignment | Qt.AlignmentFlag.AlignVCenter, text)
    return place.left() + width
