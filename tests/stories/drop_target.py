"""Another program that takes dropped files, as a DAW does: prints what it was given.

Usage: python drop_target.py X Y
Prints "ready", then for each drop one line of JSON: the action, the formats and the paths.
"""

import json
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel


class Target(QLabel):
    """A small window that accepts files."""

    def __init__(self) -> None:
        super().__init__("Drop here")
        self.setAcceptDrops(True)
        self.setWindowFlags(Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        mime = event.mimeData()
        said = {
            "action": event.dropAction().name,
            "formats": mime.formats(),
            "paths": [url.toLocalFile() for url in mime.urls()],
        }
        print(json.dumps(said), flush=True)


def main() -> None:
    app = QApplication(sys.argv)
    target = Target()
    target.setGeometry(int(sys.argv[1]), int(sys.argv[2]), 200, 120)
    target.show()
    print("ready", flush=True)
    app.exec()


if __name__ == "__main__":
    main()
