"""What the piano roll says while there is no music: how to begin."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe
from musicassist.ui.theme import Theme


class EmptyRoll(QWidget):
    """A sentence, another way, and a button that loads the demo: `demo_wanted`."""

    demo_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._lines: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for words, role in (
            ("Play something. It will appear here.", "name"),
            ("Or drop a MIDI or MusicXML file here.", "second"),
        ):
            line = label(words, role)
            line.setWordWrap(True)  # large text, small window
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
            self._lines.append(line)
        self.demo_button = Button("Load the demo")
        describe(self.demo_button, "demo_button")
        self.demo_button.clicked.connect(self.demo_wanted)
        column.addSpacing(8)
        column.addWidget(self.demo_button, 0, Qt.AlignmentFlag.AlignHCenter)

    def fit(self, room: QSize) -> None:
        """Say as much as there is room for: the button goes first, then the other way."""
        seen = [*self._lines, self.demo_button]
        for part in seen:
            part.show()
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        while len(seen) > 1 and layout.totalHeightForWidth(room.width()) > room.height():
            seen.pop().hide()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.demo_button.show_theme(theme)
