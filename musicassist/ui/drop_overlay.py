"""Files dropped anywhere on the window, and what is shown while they hang over it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from musicassist.app.music_file import is_music
from musicassist.storage.database import SUFFIX
from musicassist.ui.theme import LARGE_PX, NORMAL_PX, Theme, font, scaled

_INSET_PX: Final = 8
_RADIUS_PX: Final = 8
_VEIL: Final = 0.9
_GLOW: Final = 0.06


class DropOverlay(QWidget):
    """A violet frame over the window that says what a drop would do.

    Args:
        window: What it lies over; nothing reaches it but paint.
        theme_of: Returns the theme that is shown.
    """

    def __init__(self, window: QWidget, theme_of: Callable[[], Theme]) -> None:
        super().__init__(window)
        self.setObjectName("drop_overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme_of = theme_of
        self.words = ""
        self.detail = ""
        self.hide()

    def show_paths(self, paths: list[Path]) -> None:
        """Say what a drop of these files would do."""
        usable = next((each for each in paths if is_music(each) or _is_session(each)), None)
        if usable is None:
            self.words = "This cannot be opened"
            self.detail = "Drop a MIDI, MusicXML or MusicAssist file."
        elif _is_session(usable):
            self.words, self.detail = "Drop to open this session", usable.name
        else:
            self.words, self.detail = "Drop to continue it", usable.name
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(self.detail)
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the words."""
        theme = self._theme_of()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.ground)
        veil.setAlphaF(_VEIL)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(_INSET_PX, _INSET_PX, -_INSET_PX, -_INSET_PX)
        glow = QColor(theme.working)
        glow.setAlphaF(_GLOW)
        painter.setBrush(glow)
        painter.setPen(QPen(QColor(theme.working), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, _RADIUS_PX, _RADIUS_PX)
        line_px = scaled(LARGE_PX) * 2
        middle = frame.center().y()
        upper = QRectF(frame.x(), middle - line_px, frame.width(), line_px)
        painter.setFont(font(LARGE_PX, is_bold=True))
        painter.setPen(QColor(theme.working))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self.words)
        painter.setFont(font(NORMAL_PX))
        painter.setPen(QColor(theme.text))
        room_px = int(frame.width()) - 2 * _INSET_PX
        detail = painter.fontMetrics().elidedText(
            self.detail, Qt.TextElideMode.ElideMiddle, room_px
        )
        painter.drawText(upper.translated(0, line_px), Qt.AlignmentFlag.AlignCenter, detail)


class _Drops(QObject):
    """Watches what is dragged over the window; our own drags are none of its business."""

    def __init__(
        self, window: QWidget, overlay: DropOverlay, open_files: Callable[[list[Path]], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._overlay = overlay
        self._open_files = open_files

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show what a drop would do, and do it."""
        if event.type() == QEvent.Type.Show:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() == QEvent.Type.DragEnter and watched is not self._window:
            self._still_fields()
        if watched is not self._window:
            return False
        if event.type() == QEvent.Type.DragLeave:
            self._overlay.hide()
            return False
        # A QDragEnterEvent is a QDragMoveEvent is a QDropEvent.
        if not isinstance(event, QDropEvent):
            return False
        paths = [] if event.source() is not None else _local_files(event)
        if not paths:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # the file stays where it is
        event.accept()
        if event.type() == QEvent.Type.DragEnter:
            self._overlay.show_paths(paths)
        elif event.type() == QEvent.Type.Drop:
            self._overlay.hide()
            self._open_files(paths)
        return True

    def _still_fields(self) -> None:
        """Let no field take what comes in, before the field under it is asked."""
        for field in self._window.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # the name of a file is no tempo


def connect_drops(
    window: QWidget, open_files: Callable[[list[Path]], object], theme_of: Callable[[], Theme]
) -> DropOverlay:
    """Let files be dropped anywhere on a window.

    Args:
        window: The window.
        open_files: Given the files on this machine that were dropped, at least one.
        theme_of: Returns the theme that is shown.
    """
    overlay = DropOverlay(window, theme_of)
    window.setAcceptDrops(True)
    window.installEventFilter(_Drops(window, overlay, open_files))
    return overlay


def _is_session(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX


def _local_files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
