"""The handle a solo is dragged into a DAW by."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy

from musicassist.app.export_service import MIDI_MIME
from musicassist.ui.controls import Button

_WORDS: Final = ("Drag to your DAW", "Drag to DAW", "Drag", "")
_BESIDE_WORDS_PX: Final = 40  # the grip and what is kept free


class DragHandle(Button):
    """A button that hands out a MIDI file when it is dragged; its words fit its width.

    Args:
        make_file: Writes the file; None when it could not be written, and then nothing is dragged.
        make_picture: What is seen under the pointer.
    """

    def __init__(
        self, make_file: Callable[[], Path | None], make_picture: Callable[[], QPixmap]
    ) -> None:
        super().__init__(_WORDS[0], role="deep", icon_name="grip")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._make_file = make_file
        self._make_picture = make_picture
        self._pressed_at: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Forget it: that was a click."""
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag once the pointer has moved far enough."""
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self.drag()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        room_px = self.width() - _BESIDE_WORDS_PX
        metrics = self.fontMetrics()
        fitting = (words for words in _WORDS if metrics.horizontalAdvance(words) <= room_px)
        self.setText(next(fitting, ""))

    def drag(self) -> Qt.DropAction:
        """Hand the file out; a host may only copy it, since one that moves would delete it."""
        path = self._make_file()
        if path is None:
            return Qt.DropAction.IgnoreAction
        drag = QDrag(self)
        drag.setMimeData(mime_data_of(path))
        picture = self._make_picture()
        if not picture.isNull():
            drag.setPixmap(picture)
            drag.setHotSpot(QPoint(16, picture.height() // 2))
        return drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)


def mime_data_of(path: Path) -> QMimeData:
    """Return a closed MIDI file as something to drop: its address, and its bytes."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    mime.setData(MIDI_MIME, path.read_bytes())
    return mime
