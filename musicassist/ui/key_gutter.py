"""The keys at the left edge of the piano roll."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from musicassist.music.keys import is_black, pitch_name
from musicassist.ui.pitch_rows import PitchRows
from musicassist.ui.theme import TINY_PX, Theme, font, scaled

_BLACK_SHARE = 0.62  # of the gutter's width
_ROWS_FREE = 4  # right of the black keys there is room for a name over its neighbours' rows


def draw_keys(
    painter: QPainter,
    rows: PitchRows,
    around: QRect,
    theme: Theme,
    lit: Mapping[int, str],
    middle_c_octave: int,
) -> None:
    """Draw the keys.

    Args:
        painter: Of the piano roll.
        rows: Where each pitch is.
        around: The gutter.
        theme: Whose colours to use.
        lit: The colour token of each key that is lit.
        middle_c_octave: The octave middle C is said to be in.
    """
    width_px = around.width()
    painter.fillRect(QRectF(0, 0, width_px, around.height()), QColor(theme.white_key))
    painter.setFont(font(TINY_PX))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    pitches = rows.between(around.top(), around.bottom())
    text_px = scaled(TINY_PX) * 1.25
    black_px = width_px * _BLACK_SHARE
    for pitch in pitches:
        y = rows.y_at(pitch)
        colour = getattr(theme, lit[pitch]) if pitch in lit else None
        if is_black(pitch):
            painter.fillRect(QRectF(0, y, black_px, rows.row_px), QColor(colour or theme.black_key))
            painter.setPen(QColor(theme.key_line))
            middle = round(y + rows.row_px / 2)
            painter.drawLine(round(black_px), middle, width_px, middle)
            continue
        if colour is not None:
            is_under_name = pitch % 12 == 0 and rows.row_px < text_px
            lit_px = black_px if is_under_name else width_px
            painter.fillRect(QRectF(0, y, lit_px, rows.row_px), QColor(colour))
        if pitch % 12 in (0, 5):  # no black key between: the line is at the row's edge
            painter.setPen(QColor(theme.key_line))
            painter.drawLine(0, round(y + rows.row_px), width_px, round(y + rows.row_px))
    for pitch in pitches:
        if pitch % 12 == 0 and rows.row_px * _ROWS_FREE >= text_px:
            is_on_colour = pitch in lit and rows.row_px >= text_px
            painter.setPen(QColor(theme.ground if is_on_colour else theme.key_text))
            y = rows.y_at(pitch) + (rows.row_px - text_px) / 2
            name = pitch_name(pitch, middle_c_octave=middle_c_octave)
            painter.drawText(QRectF(0, y, width_px - 5, text_px), right, name)
    painter.setPen(QColor(theme.line))
    painter.drawLine(width_px - 1, 0, width_px - 1, around.height())
