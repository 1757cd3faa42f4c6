"""Room for a panel that is made when it is first wanted, so that the window opens sooner."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.ui.theme import DARK, Theme

_Panel = TypeVar("_Panel", bound=QWidget)


class LatePanel(QWidget, Generic[_Panel]):
    """Holds a panel from when it is shown or asked for.

    Args:
        make: Makes the panel and ties it to the services; it may have a `show_theme`.
    """

    def __init__(self, make: Callable[[], _Panel]) -> None:
        super().__init__()
        self._make = make
        self._made: _Panel | None = None
        self._theme = DARK
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> _Panel:
        """The panel, made now if it has not been yet."""
        if self._made is None:
            self._made = self._make()
            self._column.addWidget(self._made)
            self.show_theme(self._theme)
        return self._made

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, once there is something to draw."""
        self._theme = theme
        show = getattr(self._made, "show_theme", None)
        if show is not None:
            show(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the panel before it is seen."""
        assert self.panel is not None
        super().showEvent(event)
