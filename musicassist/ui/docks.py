"""Panels that can be moved, put aside and brought back, and where they are."""

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QGridLayout,
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
_RIGHT_PX: Final = 300
_MOST_LEFT: Final = 0.23  # of the width, where text is large
_MOST_RIGHT: Final = 0.28
_HELP_PX: Final = 124
_KEYBOARD_PX: Final = 132
_LOW_KEYBOARD_PX: Final = 96
_ROOMY_HEIGHT_PX: Final = 560
_LOWEST_HEIGHT_PX: Final = 400
_LEFT: Final = ("solo", "timing", "help")
_GRIP_PX: Final = 9
_SETTLED_MS: Final = 500  # after it is shown, a window has its size
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

    @property
    def needed_px(self) -> int:
        """How high it is with all of its panel in sight."""
        panel: QWidget | None = self.widget()
        if isinstance(panel, QScrollArea):
            panel = panel.widget()
        panel_px = panel.sizeHint().height() if panel is not None else 0
        return self._bar.sizeHint().height() + panel_px

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
        row.setContentsMargins(16, 8, 16, 0)
        row.setSpacing(8)
        row.addWidget(label(title, "title"))
        row.addStretch(1)
        corner = QGridLayout()  # both in one cell: the cross comes in place of the words
        for part in (aside, self.hide_button):
            if part is not None:
                corner.addWidget(part, 0, 0, Qt.AlignmentFlag.AlignRight)
        row.addLayout(corner)
        self._aside = aside
        self.hide_button.revealed.connect(self._on_hide_button_revealed)

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

    def _on_hide_button_revealed(self, is_seen: bool) -> None:
        if self._aside is not None:
            self._aside.setHidden(is_seen)


class _HideButton(Button):
    """The cross; without pointer or focus it is not drawn, so that titles stand alone.

    `revealed(is_seen)` comes when it is drawn, or no longer.
    """

    revealed = Signal(bool)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(role="bare", icon_name="close")
        describe_one_of(self, "hide_panel_button", name, title)
        self._is_near = False

    def reveal(self, *, is_near: bool) -> None:
        """Show it while the pointer is near."""
        self._is_near = is_near
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show it to the keyboard too."""
        super().focusInEvent(event)
        self._show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the title alone again."""
        super().focusOutEvent(event)
        self._show()

    def _show(self) -> None:
        self.revealed.emit(self._is_near or self.hasFocus())
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw it where somebody could press it."""
        if self._is_near or self.hasFocus():
            super().paintEvent(event)  # type: ignore[arg-type]


class Docks(QObject):
    """The panels around the music, and the line under it, which stays where it is.

    Panels at the right share one place, as tabs; those at the left stand one under the other. As
    long as nobody has moved anything, they share the room anew whenever there is more or less.

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
        super().__init__(window)
        self._window = window
        self._areas = {dock.name: area for dock, area in panels}
        self._docks = {dock.name: dock for dock, _ in panels}
        self._foot = _foot(foot)
        self._width_before_px = 0
        self._heights_px: tuple[int, ...] = ()
        self._layout = ""  # to be restored once more, when the window has got its size
        self._are_as_given = False
        self._are_tabs = False
        self._is_keyboard_away = False
        self._shared_for_px: tuple[int, ...] = ()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._share_again)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._on_settled)
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
        for dock in self._docks.values():
            dock.topLevelChanged.connect(self._on_dock_moved)
            dock.dockLocationChanged.connect(self._on_dock_moved)
        window.installEventFilter(self)

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

    @property
    def is_room_shared(self) -> bool:
        """Whether the panels have the room they come with, because nobody has changed it."""
        return self._are_as_given

    @property
    def left_heights_px(self) -> tuple[int, ...]:
        """How high the panels at the left are, from top to bottom as they come."""
        return tuple(self._docks[name].height() for name in _LEFT)

    def restore(
        self, layout: str, left_heights_px: tuple[int, ...], *, is_room_shared: bool
    ) -> None:
        """Put the panels where they were; what nobody had changed is shared anew.

        Heights are given beside the layout, because Qt does not keep them to the pixel.
        """
        is_restored = restore_layout(self._window, layout)
        self._are_tabs = bool(self._window.tabifiedDockWidgets(self._docks[_LEFT[0]]))
        if not is_restored or is_room_shared:
            self.share_room()
        else:
            self._layout, self._heights_px = layout, left_heights_px
            self._restore_again()
            self._settled.start()

    def reset(self) -> None:
        """Put all panels where they came."""
        self._place()
        self.share_room()

    def share_room(self) -> None:
        """Give the panels the room they come with; in a low window the left ones become tabs.

        What is over at the left is the solo's until all of it is seen, then the help's; what is
        over in the middle is the music's.
        """
        width_px, height_px = self._window.width(), self._window.height()
        self._stack_left(are_tabs=height_px < scaled(_ROOMY_HEIGHT_PX))
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = [self._docks["solo"], self._docks["takes"]]
        left_px = min(scaled(_LEFT_PX), round(width_px * _MOST_LEFT))
        right_px = min(scaled(_RIGHT_PX), round(width_px * _MOST_RIGHT))
        self._window.resizeDocks(sides, [left_px, right_px], across)
        keyboard_px = _LOW_KEYBOARD_PX if self._are_tabs else _KEYBOARD_PX
        self._window.resizeDocks([self._docks["keyboard"]], [keyboard_px], down)
        self._make_room_for_music(is_short=height_px < scaled(_LOWEST_HEIGHT_PX))
        solo, timing, _ = left = [self._docks[name] for name in _LEFT]
        room_px = sum(dock.height() for dock in left if dock.isVisible())
        help_px = max(scaled(_HELP_PX), room_px - solo.needed_px - timing.needed_px)
        solo_px = room_px - timing.needed_px - help_px
        if not self._are_tabs:
            self._window.resizeDocks(left, [solo_px, timing.needed_px, help_px], down)
        self._are_as_given = True
        self._shared_for_px = self._needs_px

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the room anew when the window has another size, unless somebody has shared it."""
        if event.type() == QEvent.Type.Resize or (
            event.type() == QEvent.Type.LayoutRequest and self._needs_px != self._shared_for_px
        ):
            self._later.start()
        elif event.type() == QEvent.Type.MouseButtonPress:  # between two panels
            self._layout = ""
            self._are_as_given = False
        return super().eventFilter(watched, event)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for dock in self._docks.values():
            dock.show_theme(theme)

    @property
    def _needs_px(self) -> tuple[int, ...]:
        return tuple(self._docks[name].needed_px for name in _LEFT)

    def _share_again(self) -> None:
        if self._layout:  # a window that is maximized gets its size only after it is shown
            self._restore_again()
        elif self._are_as_given and self._window.isVisible():
            self.share_room()

    def _restore_again(self) -> None:
        restore_layout(self._window, self._layout)
        if len(self._heights_px) == len(_LEFT):
            left = [self._docks[name] for name in _LEFT]
            self._window.resizeDocks(left, list(self._heights_px), Qt.Orientation.Vertical)

    def _on_settled(self) -> None:
        self._layout = ""

    def _on_dock_moved(self) -> None:
        if not self._layout:  # restoring moves them, too
            self._are_as_given = False

    def _make_room_for_music(self, *, is_short: bool) -> None:
        """Put the keyboard away in the lowest of windows, and bring it back in higher ones."""
        keyboard = self._docks["keyboard"]
        if is_short != self._is_keyboard_away:
            self._is_keyboard_away = is_short
            keyboard.setVisible(not is_short)

    def _stack_left(self, *, are_tabs: bool) -> None:
        """Put the left panels one under the other, or one behind the other."""
        if are_tabs == self._are_tabs:
            return
        self._are_tabs = are_tabs
        first, *others = (self._docks[name] for name in _LEFT)
        for dock in others:
            if are_tabs:
                self._window.tabifyDockWidget(first, dock)
            else:  # a split would only make another tab
                self._window.addDockWidget(self._areas[dock.name], dock)
        first.raise_()
        for child in self._window.children():  # what is open over the panels stays over them
            if isinstance(child, QWidget) and child.property("role") == "popover":
                child.raise_()

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
        self._are_tabs = False
        self._is_keyboard_away = False


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
