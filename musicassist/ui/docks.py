"""Panels that can be moved, put aside and brought back, and where they are."""

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe_one_of
from musicassist.ui.theme import DARK, Theme, scaled

_LAYOUT_VERSION: Final = 1  # of the set of panels; a layout of another one is not taken
_BAR_PX: Final = 28
_LEFT_PX: Final = 236
_RIGHT_PX: Final = 292
_TIMING_PX: Final = 133
_HELP_PX: Final = 124
_KEYBOARD_PX: Final = 132
_ROOMY_HEIGHT_PX: Final = 560
_LEFT: Final = ("solo", "timing", "help")
_GRIP_PX: Final = 9
_TITLE_PX: Final = 36  # of the bar a desktop puts over a window
_FRAME_PX: Final = 4


class PanelDock(QDockWidget):
    """A panel under a bar with its name, by which it is moved; the cross hides it.

    Args:
        name: Tells it apart, in layouts too.
        title: Its name for the user.
        panel: What it holds.
        aside: What stands beside the title; None for nothing.
        is_scrolled: Whether the panel scrolls where there is no room for all of it.
        is_slim: Whether the bar is only a grip, because the panel says itself what it is.
        is_hidden: Whether it comes hidden.
    """

    def __init__(
        self,
        name: str,
        title: str,
        panel: QWidget,
        aside: QWidget | None = None,
        *,
        is_scrolled: bool = False,
        is_slim: bool = False,
        is_hidden: bool = False,
    ) -> None:
        super().__init__(title)
        self.is_hidden_at_first = is_hidden
        self._is_seen = False
        self.visibilityChanged.connect(self._on_visibility_changed)
        self.setObjectName(f"{name}_dock")
        self.setAccessibleName(title)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._bar = _Grip() if is_slim else _Bar(name, title, aside)
        self._bar.hide_wanted.connect(self.close)
        self.setTitleBarWidget(self._bar)
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(_Scrolled(panel) if is_scrolled else panel)

    @property
    def name(self) -> str:
        """What tells it apart."""
        return self.objectName().removesuffix("_dock")

    @property
    def is_seen(self) -> bool:
        """Whether it is shown and no other tab stands before it, which `isVisible` does not say."""
        return self._is_seen

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._bar.show_theme(theme)

    def _on_visibility_changed(self, is_seen: bool) -> None:
        self._is_seen = is_seen


class _Grip(QWidget):
    """A bar that only shows where to take hold; a double-click lets the panel float."""

    hide_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "dock_bar")
        self.setFixedHeight(_GRIP_PX)
        self._theme = DARK

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the grip."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.line))
        middle = QRectF(self.rect()).center()
        painter.drawRoundedRect(QRectF(middle.x() - 16, middle.y() - 1, 32, 3), 1.5, 1.5)


class _Bar(QWidget):
    """The bar over a panel; its cross is seen while the pointer or the focus is there."""

    hide_wanted = Signal()

    def __init__(self, name: str, title: str, aside: QWidget | None) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "dock_bar")
        self.setMinimumHeight(_BAR_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide_button = _HideButton(name, title)
        self.hide_button.clicked.connect(self.hide_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 0)
        row.setSpacing(8)
        row.addWidget(label(title, "title"))
        row.addStretch(1)
        if aside is not None:
            row.addWidget(aside)
        row.addWidget(self.hide_button)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.hide_button.show_theme(theme)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the cross."""
        super().enterEvent(event)
        self.hide_button.reveal(is_near=True)

    def leaveEvent(self, event: QEvent) -> None:
        """Leave the title alone again."""
        super().leaveEvent(event)
        self.hide_button.reveal(is_near=False)


class _HideButton(Button):
    """The cross; without pointer or focus it is not drawn, so that titles stand alone."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(role="bare", icon_name="close")
        describe_one_of(self, "hide_panel_button", name, title)
        self._is_near = False

    def reveal(self, *, is_near: bool) -> None:
        """Show it while the pointer is near."""
        self._is_near = is_near
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw it where somebody could press it."""
        if self._is_near or self.hasFocus():
            super().paintEvent(event)  # type: ignore[arg-type]


class Docks:
    """The panels around the music, and the line under it, which stays where it is.

    Panels at the right share one place, as tabs; those at the left stand one under the other.

    Args:
        window: What they are docked to.
        panels: Each with where it comes.
        foot: The line under the music.
    """

    def __init__(
        self,
        window: QMainWindow,
        panels: tuple[tuple[PanelDock, Qt.DockWidgetArea], ...],
        foot: QWidget,
    ) -> None:
        self._window = window
        self._areas = {dock.name: area for dock, area in panels}
        self._docks = {dock.name: dock for dock, _ in panels}
        self._foot = _foot(foot)
        self._width_before_px = 0
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        for corner, area in (
            (Qt.Corner.TopLeftCorner, left),
            (Qt.Corner.BottomLeftCorner, left),
            (Qt.Corner.TopRightCorner, right),
            (Qt.Corner.BottomRightCorner, right),
        ):
            window.setCorner(corner, area)
        window.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        self._place()

    def __getitem__(self, name: str) -> PanelDock:
        """Return a panel by its name."""
        return self._docks[name]

    @property
    def panels(self) -> tuple[PanelDock, ...]:
        """All panels."""
        return tuple(self._docks.values())

    def show_beside(self, name: str, other: str, *, is_shown: bool) -> None:
        """Bring a panel to the front of the one it shares a place with, or put it away.

        What it needs of room is given back when it goes.
        """
        dock, beside = self._docks[other], self._docks[name]
        if is_shown == dock.is_seen:
            return
        if is_shown:
            self._width_before_px = beside.width()
            dock.show()
            dock.raise_()
            return
        dock.hide()
        if self._width_before_px and not beside.isFloating():
            width = [self._width_before_px]
            self._window.resizeDocks([beside], width, Qt.Orientation.Horizontal)

    def reset(self) -> None:
        """Put all panels where they came."""
        self._place()
        self.share_room()

    def share_room(self) -> None:
        """Give the panels the room they come with; in a low window the left ones become tabs."""
        if self._window.height() < scaled(_ROOMY_HEIGHT_PX):
            first, *others = (self._docks[name] for name in _LEFT)
            for dock in others:
                self._window.tabifyDockWidget(first, dock)
            first.raise_()
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = [self._docks["solo"], self._docks["takes"]]
        self._window.resizeDocks(sides, [scaled(_LEFT_PX), scaled(_RIGHT_PX)], across)
        self._window.resizeDocks([self._docks["keyboard"]], [_KEYBOARD_PX], down)
        below = [self._docks["timing"], self._docks["help"]]  # the solo's panel has the rest
        self._window.resizeDocks(below, [scaled(_TIMING_PX), scaled(_HELP_PX)], down)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for dock in self._docks.values():
            dock.show_theme(theme)

    def _place(self) -> None:
        """Put the panels where they come, whatever was done with them."""
        window = self._window
        beside: PanelDock | None = None
        for name, dock in self._docks.items():
            if dock.isFloating():
                dock.setFloating(False)
            window.addDockWidget(self._areas[name], dock)
            dock.setVisible(not dock.is_hidden_at_first)
            if self._areas[name] == Qt.DockWidgetArea.RightDockWidgetArea:
                if beside is not None:
                    window.tabifyDockWidget(beside, dock)
                beside = beside or dock
        if beside is not None:
            beside.raise_()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._foot)
        window.splitDockWidget(self._docks["keyboard"], self._foot, Qt.Orientation.Vertical)
        self._foot.show()


def _foot(line: QWidget) -> QDockWidget:
    """Return a dock that nobody can move, without a bar."""
    foot = QDockWidget()
    foot.setObjectName("foot_dock")
    foot.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    foot.setTitleBarWidget(QWidget())
    foot.setWidget(line)
    return foot


def size_on_screen(wanted_px: tuple[int, int], least_px: tuple[int, int]) -> QSize:
    """Return the size a window comes in: no larger than the screen has room for, frame and all."""
    available = QGuiApplication.primaryScreen().availableSize()
    room = available - QSize(2 * _FRAME_PX, _TITLE_PX + _FRAME_PX)
    return QSize(*wanted_px).boundedTo(room).expandedTo(QSize(*least_px))


def layout_of(window: QMainWindow) -> str:
    """Return where a window's panels are, as text."""
    return _text(window.saveState(_LAYOUT_VERSION))


def restore_layout(window: QMainWindow, layout: str) -> bool:
    """Put a window's panels where they were; False if that cannot be read."""
    return bool(layout) and window.restoreState(_bytes(layout), _LAYOUT_VERSION)


def place_of(window: QMainWindow) -> str:
    """Return where a window stands and how large it is, as text."""
    return _text(window.saveGeometry())


def restore_place(window: QMainWindow, place: str) -> bool:
    """Put a window where it stood; False if that cannot be read."""
    return bool(place) and window.restoreGeometry(_bytes(place))


def _text(content: QByteArray) -> str:
    return bytes(content.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode(errors="replace")))


class _Scrolled(QScrollArea):
    """A panel that scrolls up and down, and is never narrower than it has to be."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self.setObjectName(f"{panel.objectName()}_scroll")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("role", "panel_area")
        self.setWidget(panel)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of what is inside, and for little height."""
        bar_px = self.verticalScrollBar().sizeHint().width()
        panel = self.widget()
        assert panel is not None
        width = panel.minimumSizeHint().width() + bar_px
        return QSize(width, super().minimumSizeHint().height())
