"""The keys at the left edge of the piano roll."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from musicassist.music.keys import is_black, pitch_name
from musicassist.ui.pitch_rows import PitchRows
from musicassist.ui.theme import TINY_PX, Theme, font, scaled
from musicassist.ui.time_axis import GUTTER_PX

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
        around: The whole roll.
        theme: Whose colours to use.
        lit: The colour token of each key that is lit.
        middle_c_octave: The octave middle C is said to be in.
    """
    painter.fillRect(QRectF(0, 0, GUTTER_PX, around.height()), QColor(theme.white_key))
    painter.setFont(font(TINY_PX))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    pitches = rows.between(around.top(), around.bottom())
    for pitch in pitches:
        y = rows.y_at(pitch)
        colour = getattr(theme, lit[pitch]) if pitch in lit else None
        if is_black(pitch):
            width = GUTTER_PX * _BLACK_SHARE
            painter.fillRect(QRectF(0, y, width, rows.row_px), QColor(colour or theme.black_key))
            painter.setPen(QColor(theme.key_line))
            middle = round(y + rows.row_px / 2)
            painter.drawLine(round(width), middle, GUTTER_PX, middle)
            continue
        if colour is not None:
            painter.fillRect(QRectF(0, y, GUTTER_PX, rows.row_px), QColor(colour))
        if pitch % 12 in (0, 5):  # no black key between: the line is at the row's edge
            painter.setPen(QColor(theme.key_line))
            painter.drawLine(0, round(y + rows.row_px), GUTTER_PX, round(y + rows.row_px))
    text_px = scaled(TINY_PX) * 1.25
    for pitch in pitches:
        if pitch % 12 == 0 and rows.row_px * _ROWS_FREE >= text_px:
            painter.setPen(QColor(theme.ground if pitch in lit else theme.key_text))
            y = rows.y_at(pitch) + (rows.row_px - text_px) / 2
            name = pitch_name(pitch, middle_c_octave=middle_c_octave)
            painter.drawText(QRectF(0, y, GUTTER_PX - 5, text_px), right, name)
    painter.setPen(QColor(theme.line))
    painter.drawLine(GUTTER_PX - 1, 0, GUTTER_PX - 1, around.height())
