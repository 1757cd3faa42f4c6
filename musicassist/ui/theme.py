"""Colours, sizes and the one stylesheet made of them.

Orange is what the machine made, blue what the person played, violet what is being worked on, green
only what sounds or is connected, red only danger. Sizes are in logical pixels, on a grid of 8.
"""

import re
from dataclasses import dataclass
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

GRID_PX: Final = 8
SIDE_PX: Final = 16  # from the edge of a panel to what it holds
RADIUS_PX: Final = 5
TINY_PX: Final = 10
SMALL_PX: Final = 12
NORMAL_PX: Final = 13
LARGE_PX: Final = 15
FONT_FAMILIES: Final = ("Inter", "SF Pro Text", "Segoe UI", "Noto Sans", "DejaVu Sans")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colour tokens, each as #rrggbb.

    Attributes:
        name: "dark" or "light".
        ground: Behind everything, and the piano roll.
        panel: Side panels and bars.
        raised: Controls at rest.
        pressed: Controls under the pointer or held, and the chosen card.
        line: Borders and bar lines.
        text: What is read.
        secondary: What is read second; still meets WCAG AA.
        tertiary: Decoration only; never carries needed information.
        machine: What the machine made, and the next natural action.
        on_machine: Text on `machine`.
        person: What the person played.
        working: A range or chord being worked on.
        on_working: The ground of a chord being worked on.
        sounding: Sounding or connected.
        danger: Recording or danger.
        knob: Slider handles.
        row_in_key: Piano-roll rows in the key.
        row_tonic: The rows of its tonic.
        row_outside: The other rows.
        beat_line: Lines of beats; bars use `line`.
        step_line: Lines of grid steps.
        playhead: Where playback is.
        white_key: White keys at rest.
        black_key: Black keys at rest.
        key_line: Between white keys.
        key_text: On white keys, lit or not.
        chord_tone: Notes of the chord they sound with, where notes are coloured by function.
        scale_tone: Notes of the scale only.
        outside_tone: Notes of neither. Every kind of colour vision tells the three apart.
    """

    name: str
    ground: str
    panel: str
    raised: str
    pressed: str
    line: str
    text: str
    secondary: str
    tertiary: str
    machine: str
    on_machine: str
    person: str
    working: str
    on_working: str
    sounding: str
    danger: str
    knob: str
    row_in_key: str
    row_tonic: str
    row_outside: str
    beat_line: str
    step_line: str
    playhead: str
    white_key: str
    black_key: str
    key_line: str
    key_text: str
    chord_tone: str
    scale_tone: str
    outside_tone: str


DARK: Final = Theme(
    name="dark",
    ground="#14161b",
    panel="#1b1e25",
    raised="#232731",
    pressed="#2c313d",
    line="#363d4b",
    text="#e9ecf2",
    secondary="#98a2b3",
    tertiary="#6b7484",
    machine="#f0a13a",
    on_machine="#14161b",
    person="#56b4e9",
    working="#b79cff",
    on_working="#45396b",
    sounding="#5fd08f",
    danger="#ff6b6b",
    knob="#f4f5f7",
    row_in_key="#1b1e25",
    row_tonic="#21252f",
    row_outside="#14161b",
    beat_line="#262b35",
    step_line="#1f232c",
    playhead="#f4f5f7",
    white_key="#f4f5f7",
    black_key="#20232b",
    key_line="#14161b",
    key_text="#3d4452",
    chord_tone="#a0efe6",
    scale_tone="#8f8436",
    outside_tone="#d957c4",
)

LIGHT: Final = Theme(
    name="light",
    ground="#e9ecf1",
    panel="#f6f7f9",
    raised="#ffffff",
    pressed="#e0e5ed",
    line="#c0c7d3",
    text="#171a21",
    secondary="#4c5566",
    tertiary="#7b8494",
    machine="#c26a00",
    on_machine="#140c00",
    person="#0f72ad",
    working="#6b48d6",
    on_working="#dcd2fb",
    sounding="#126e3e",
    danger="#c22f2f",
    knob="#ffffff",
    row_in_key="#ffffff",
    row_tonic="#f3efe6",
    row_outside="#e9ecf1",
    beat_line="#d5dae3",
    step_line="#e2e6ec",
    playhead="#171a21",
    white_key="#ffffff",
    black_key="#2b2f38",
    key_line="#aab2c0",
    key_text="#3d4452",
    chord_tone="#0d3f45",
    scale_tone="#8d7a1e",
    outside_tone="#cc2fa6",
)


def mix(first: str, second: str, share: float) -> QColor:
    """Return a colour between two: 0 is the first, 1 the second."""
    a, b = QColor(first), QColor(second)
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


def text_scale() -> float:
    """Return how large text is shown: 1 as designed, 2 for twice that.

    The application's font says it, so that everything that is painted or laid out agrees.
    """
    app_px = QApplication.font().pixelSize()
    return app_px / SMALL_PX if app_px > 0 else 1.0


def scaled(size_px: float) -> int:
    """Return a size in which text stands, as large as text is shown."""
    return round(size_px * text_scale())


def font(size_px: int = SMALL_PX, *, is_bold: bool = False) -> QFont:
    """Return the program's type face in one of its four sizes, as large as text is shown."""
    return plain_font(scaled(size_px), is_bold=is_bold)


def plain_font(size_px: int, *, is_bold: bool = False) -> QFont:
    """Return the program's type face in exactly a size."""
    face = QFont()
    face.setFamilies(list(FONT_FAMILIES))
    face.setPixelSize(size_px)
    face.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
    return face


def palette(theme: Theme) -> QPalette:
    """Return the theme for what the stylesheet does not reach."""
    colours = QPalette()
    role = QPalette.ColorRole
    for each, colour in (
        (role.Window, theme.panel),
        (role.Base, theme.raised),
        (role.AlternateBase, theme.panel),
        (role.Button, theme.raised),
        (role.ToolTipBase, theme.raised),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.secondary),
        (role.Highlight, theme.person),
        (role.HighlightedText, theme.ground),
    ):
        colours.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.tertiary))
    return colours


def stylesheet(theme: Theme) -> str:
    """Return the one stylesheet, in the theme's colours and as large as text is shown."""
    colours = {name: getattr(theme, name) for name in Theme.__slots__}
    sizes = {
        "tiny": f"{TINY_PX}px",
        "small": f"{SMALL_PX}px",
        "normal": f"{NORMAL_PX}px",
        "large": f"{LARGE_PX}px",
        "radius": f"{RADIUS_PX}px",
        "families": ", ".join(f'"{family}"' for family in FONT_FAMILIES),
        "machine_lit": mix(theme.machine, theme.knob, 0.15).name(),
        "machine_held": mix(theme.machine, theme.ground, 0.15).name(),
    }
    sheet = Template(_SHEET).substitute(colours | sizes)
    return _TEXT_SIZE.sub(lambda match: f"{match[1]}{scaled(int(match[2]))}px", sheet)


# Heights of what holds text, and the text's own; lines and edges stay as fine as they are.
_TEXT_SIZE: Final = re.compile(
    r"((?:(?:min|max)-height|min-width|padding-right|font-size): )([1-9]\d+)px"
)


_SHEET: Final = """
QWidget { color: $text; font-family: $families; font-size: $small; }
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }

QWidget[role="bar"] { background: $panel; border-bottom: 1px solid $line; }
QWidget[role="foot"] { background: $panel; border-top: 1px solid $line; }
QWidget[role="panel"] { background: $panel; border: none; }
QWidget[role="strips"] {
  background: $panel; border-top: 1px solid $line; border-bottom: 1px solid $line;
}
QWidget[role="clear"] { background: transparent; border: none; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }

QLabel { background: transparent; border: none; }
QLabel[role="title"] { font-size: $normal; font-weight: 600; }
QLabel[role="name"] { font-size: $large; font-weight: 600; }
QLabel[role="value"] { font-size: $large; font-weight: 600; min-height: 22px; max-height: 22px; }
QLabel[role="second"] { color: $secondary; }
QLabel[role="caption"] { color: $secondary; font-size: $tiny; }
QLabel[role="error"] { color: $danger; }
QLabel[role="working"] { color: $working; }
QLabel[role="sounding"] { color: $sounding; font-size: $tiny; }

QPushButton {
  background: $raised; color: $text; border: 1px solid $raised; border-radius: $radius;
  padding: 0 12px; min-height: 30px;
}
QPushButton:hover { background: $pressed; border-color: $pressed; }
QPushButton:pressed { background: $line; border-color: $line; }
QPushButton:focus { border-color: $person; }
QPushButton:disabled { color: $tertiary; }
QPushButton[role="icon"] { padding: 0; min-width: 32px; }
QPushButton:checked { background: $pressed; border-color: $line; }
QPushButton:checked:focus { border-color: $person; }
QPushButton[role="primary"] {
  background: $machine; color: $on_machine; border-color: $machine;
  font-size: $large; font-weight: 700; min-height: 42px;
}
QPushButton[role="primary"]:hover { background: $machine_lit; border-color: $machine_lit; }
QPushButton[role="primary"]:pressed { background: $machine_held; border-color: $machine_held; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled {
  background: $raised; color: $secondary; border-color: $line;
}
QPushButton[role="working"] {
  background: $working; color: $ground; border-color: $working; font-weight: 600;
  min-height: 24px; padding: 0 8px;
}
QPushButton[role="working"]:hover { border-color: $text; }
QPushButton[role="working"]:focus { border: 2px solid $text; }
QPushButton[role="deep"], QPushButton[role="tile"] {
  background: $ground; border-color: $ground; min-height: 26px; padding: 0 8px;
}
QPushButton[role="tile"] { padding: 0; }
QPushButton[role="deep"]:hover, QPushButton[role="tile"]:hover {
  background: $raised; border-color: $line;
}
QPushButton[role="deep"]:focus, QPushButton[role="tile"]:focus { border-color: $person; }
QPushButton[role="tile"]:checked { background: $pressed; border-color: $machine; }
QPushButton[role="chord"] {
  background: $ground; border-color: $ground; min-height: 0; padding: 0;
}
QPushButton[role="chord"]:hover { background: $pressed; border-color: $line; }
QPushButton[role="chord"]:focus { border-color: $person; }
QPushButton[role="tab"] {
  background: transparent; border: 1px solid transparent; color: $secondary; padding: 0 8px;
  min-height: 26px;
}
QPushButton[role="tab"]:hover { color: $text; }
QPushButton[role="tab"]:checked { background: $pressed; color: $text; }
QPushButton[role="tab"]:focus { border-color: $person; }
QPushButton[role="small"], QPushButton[role="quiet"] { min-height: 22px; padding: 0 8px; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $secondary; }
QPushButton[role="quiet"]:hover { background: $raised; color: $text; }
QPushButton[role="quiet"]:focus { border-color: $person; }
QPushButton[role="quiet"]:disabled { color: $tertiary; }
QPushButton[role="fold"] {
  background: transparent; border: 1px solid transparent; color: $secondary;
  padding: 0 8px 0 0; min-height: 22px; text-align: left;
}
QPushButton[role="fold"]:hover { background: $raised; color: $text; }
QPushButton[role="fold"]:focus { border-color: $person; }
QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; color: $person; padding: 0 6px;
  min-height: 20px; font-weight: 600;
}
QPushButton[role="link"]:hover { background: $raised; }
QPushButton[role="link"]:focus { border-color: $person; }
QPushButton[role="session_name"], QLineEdit[role="session_name"] {
  font-size: $large; font-weight: 600; padding: 0 2px; min-height: 24px;
}
QPushButton[role="session_name"] {
  background: transparent; border: 1px solid transparent; text-align: left;
}
QPushButton[role="session_name"]:hover { background: $raised; }
QPushButton[role="session_name"]:focus { border-color: $person; }
QPushButton[role="bare"] {
  background: transparent; border: 1px solid transparent; padding: 0;
  min-height: 20px; min-width: 20px;
}
QPushButton[role="dot"], QPushButton[role="solo"] {
  background: transparent; border: 1px solid transparent; padding: 0; min-height: 16px;
  color: $secondary;
}
QPushButton[role="solo"] { min-width: 16px; }
QPushButton[role="dot"]:hover, QPushButton[role="solo"]:hover { background: $pressed; }
QPushButton[role="dot"]:checked { background: transparent; border-color: transparent; }
QPushButton[role="solo"]:checked { background: $on_working; color: $text; }
QPushButton[role="dot"]:focus, QPushButton[role="solo"]:focus { border-color: $person; }
QPushButton[role="bare"]:hover { background: $line; }
QPushButton[role="bare"]:focus { border-color: $person; }

QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
  background: $raised; color: $text; border: 1px solid $line; border-radius: $radius;
  padding: 0 8px; min-height: 26px; selection-background-color: $person;
  selection-color: $ground;
}
QComboBox { padding-right: 22px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover, QLineEdit:hover { background: $pressed; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {
  border-color: $person; background: $raised;
}
QComboBox:disabled, QSpinBox:disabled { color: $tertiary; }
QComboBox::drop-down { border: none; width: 0; }
QComboBox::down-arrow { image: none; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {
  background: transparent; border: none; padding: 0; min-height: 0;
}
QAbstractSpinBox { padding: 0; }
QAbstractSpinBox QLineEdit { padding: 0 8px; }
QDoubleSpinBox[role="readout"] QLineEdit { padding: 0 4px; }
QComboBox QLineEdit:hover, QAbstractSpinBox QLineEdit:hover { background: transparent; }
QComboBox QAbstractItemView {
  background: $raised; color: $text; border: 1px solid $line; outline: none; padding: 4px;
  selection-background-color: $pressed; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 4px; }
QLineEdit[role="inline"] { min-height: 18px; padding: 0 4px; }
QLineEdit[is_wrong="true"] { border-color: $danger; }

QComboBox[role="readout"], QDoubleSpinBox[role="readout"] {
  background: transparent; border: 1px solid transparent; font-size: $large; font-weight: 600;
  min-height: 20px; max-height: 20px;
}
QComboBox[role="readout"] { padding-left: 4px; padding-right: 16px; }
QDoubleSpinBox[role="readout"] QLineEdit { font-size: $large; font-weight: 600; }
QComboBox[role="readout"] QLineEdit { font-size: $large; font-weight: 600; }
QComboBox[role="readout"]:hover, QDoubleSpinBox[role="readout"]:hover { background: $raised; }
QComboBox[role="readout"]:focus, QDoubleSpinBox[role="readout"]:focus {
  background: $raised; border-color: $person;
}

QCheckBox { background: transparent; spacing: 8px; min-height: 22px; }

QSlider { background: transparent; min-height: 18px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $pressed; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $machine; }
QSlider[accent="person"]::sub-page:horizontal { background: $person; }
QSlider[accent="plain"]::sub-page:horizontal { background: $secondary; }
QSlider[accent="muted"]::sub-page:horizontal { background: $line; }
QSlider::handle:horizontal {
  width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
  background: $knob; border: 1px solid $secondary;
}
QSlider[accent="free"]::sub-page:horizontal { background: $pressed; }
QSlider[accent="free"]::handle:horizontal { background: $panel; border-color: $tertiary; }
QSlider::handle:horizontal:hover { border-color: $text; }
QSlider::handle:horizontal:focus { border: 2px solid $person; width: 10px; height: 10px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollArea[role="panel_area"] { background: $panel; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: $panel; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $tertiary; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMainWindow::separator { background: $ground; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $person; }
QDockWidget { background: $panel; color: $text; border: none; }
QDockWidget > QWidget { background: $panel; }
QWidget[role="dock_bar"] { background: $panel; }
QTabBar { background: $ground; }
QTabBar::tab {
  background: $panel; color: $secondary; border: 1px solid transparent; border-radius: $radius;
  padding: 0 12px; min-height: 26px; margin: 4px 0 4px 4px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { background: $pressed; color: $text; }
QTabBar::tab:focus { border-color: $person; }

QFrame[role="card"] { background: $raised; border: 1px solid $line; border-radius: 7px; }
QFrame[role="card"]:hover { border-color: $tertiary; }
QFrame[role="card"][is_selected="true"] { background: $pressed; border: 1px solid $machine; }
QFrame[role="popover"] {
  background: $panel; border: 1px solid $line; border-radius: 7px;
}
QFrame[role="popover"] > QScrollArea > QWidget > QWidget { background: transparent; }
QListWidget {
  background: $ground; color: $text; border: 1px solid $line; border-radius: $radius; outline: none;
}
QListWidget:focus { border-color: $person; }
QListWidget::item { padding: 4px 8px; }
QListWidget::item:selected { background: $pressed; color: $text; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 16px; border-radius: 3px; }
QMenu::item:selected { background: $pressed; }
QMenu::item:disabled { color: $tertiary; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
"""
