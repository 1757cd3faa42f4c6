"""Where a pitch is drawn: the vertical scale of the piano roll."""

from typing import Final

LOWEST_PITCH: Final = 0
HIGHEST_PITCH: Final = 127
_FEWEST_ROWS: Final = 26
_SPARE_ROWS: Final = 4  # above and below the music
_LEAST_ROW_PX: Final = 6.0
_MOST_ROW_PX: Final = 36.0
_MOST_FITTED_ROW_PX: Final = 18.0


class PitchRows:
    """A scale from pitches to rows of equal height, the highest pitch on top."""

    def __init__(self) -> None:
        self.row_px = 14.0
        self.top_pitch = 84.0  # the pitch whose row begins at the upper edge
        self.height_px = 0

    @property
    def n_seen(self) -> float:
        """How many rows are seen at once."""
        return self.height_px / self.row_px

    def y_at(self, pitch: float) -> float:
        """Return the upper edge of a pitch's row."""
        return (self.top_pitch - pitch) * self.row_px

    def pitch_at(self, y: float) -> int:
        """Return the pitch whose row is at a place, or the nearest there is."""
        pitch = -int(-(self.top_pitch - y / self.row_px) // 1)
        return min(max(pitch, LOWEST_PITCH), HIGHEST_PITCH)

    def between(self, top: float, bottom: float) -> range:
        """Return the pitches whose rows are seen between two places."""
        highest = int(self.top_pitch - top / self.row_px) + 1
        lowest = int(self.top_pitch - bottom / self.row_px) - 1
        return range(max(LOWEST_PITCH, lowest), min(HIGHEST_PITCH, highest) + 1)

    def set_height(self, height_px: int) -> None:
        """Say how much room there is."""
        self.height_px = height_px

    def shows(self, lowest: int, highest: int) -> bool:
        """Whether a range of pitches is in sight."""
        return self.y_at(highest) >= 0 and self.y_at(lowest) + self.row_px <= self.height_px

    def fit(self, lowest: int, highest: int) -> None:
        """Let a range of pitches be seen, in the middle."""
        n_rows = max(_FEWEST_ROWS, highest - lowest + 1 + 2 * _SPARE_ROWS)
        self.row_px = min(max(self.height_px / n_rows, _LEAST_ROW_PX), _MOST_FITTED_ROW_PX)
        self.top_pitch = round((lowest + highest) / 2 + self.n_seen / 2)
        self.move(0)

    def move(self, n_rows: float) -> None:
        """Move up, or down, as far as there are keys."""
        lowest_top, highest_top = LOWEST_PITCH - 1 + self.n_seen, float(HIGHEST_PITCH)
        top = max(min(self.top_pitch + n_rows, highest_top), min(lowest_top, highest_top))
        self.top_pitch = top

    def reveal(self, pitch: int) -> None:
        """Move as little as is needed to see a pitch."""
        below = self.y_at(pitch) + self.row_px - self.height_px
        if below > 0:
            self.move(-below / self.row_px)
        if self.y_at(pitch) < 0:
            self.move(-self.y_at(pitch) / self.row_px)

    def zoom(self, factor: float, about_y: float) -> None:
        """Make rows taller or flatter around a place."""
        kept = self.top_pitch - about_y / self.row_px
        self.row_px = min(max(self.row_px * factor, _LEAST_ROW_PX), _MOST_ROW_PX)
        self.top_pitch = kept + about_y / self.row_px
        self.move(0)
