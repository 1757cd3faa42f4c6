"""The lanes under the notes: velocity, and whichever wheels and pedals are wanted."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from musicassist.app.arrangement import Arrangement
from musicassist.app.bootstrap import Services
from musicassist.app.control_editor import ControlEditor
from musicassist.app.note_editor import NoteEditor
from musicassist.music.control_edits import controller_name, controllers_of
from musicassist.music.note import CHANNEL_PRESSURE, MOD_WHEEL, PITCH_BEND, SUSTAIN
from musicassist.music.session import Session
from musicassist.ui.controller_lane import ControllerLane
from musicassist.ui.controls import Button
from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import DARK, Theme
from musicassist.ui.time_axis import TimeAxis
from musicassist.ui.value_lane import CORNER_PX
from musicassist.ui.velocity_lane import VelocityLane

OFFERED: Final = (PITCH_BEND, MOD_WHEEL, SUSTAIN)
_VELOCITY: Final = "velocity"
_CONTROLLERS: Final = frozenset(map(str, range(CHANNEL_PRESSURE + 1)))  # as settings name them
_MARK: Final = "  •"  # behind the name of a controller that is moved in the music


class LaneStack(QWidget):
    """Velocity lane and controller lanes, one under the other, and the button that chooses them.

    `lanes_changed` comes when a lane has come, gone, or got another height.

    Args:
        axis: The scale they share with the roll.
    """

    lanes_changed = Signal()

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__()
        self.setObjectName("lane_stack")
        self._axis = axis
        self._editor: ControlEditor | None = None
        self._theme = DARK
        self._session = Session()
        self._arrangement = Arrangement()
        self._controllers: dict[int, ControllerLane] = {}
        self.velocities = VelocityLane(axis)
        self.velocities.height_changed.connect(lambda _height_px: self.lanes_changed.emit())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.velocities)
        self.chooser = Button(role="bare", icon_name="lanes")
        self.chooser.setParent(self)
        describe(self.chooser, "lanes_button")
        self.chooser.clicked.connect(self._on_chooser_clicked)
        hold_size(self.chooser, width_px=CORNER_PX, height_px=CORNER_PX)
        hold_size(self, height_px=CORNER_PX + 2, is_least=True)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes from top to bottom."""
        return (self.velocities, *self._controllers.values())

    @property
    def controllers(self) -> tuple[int, ...]:
        """The controllers that have a lane."""
        return tuple(self._controllers)

    @property
    def heights_px(self) -> dict[str, int]:
        """How tall each lane is, as settings hold it."""
        velocity_px = 0 if self.velocities.isHidden() else self.velocities.height_px
        others = {str(number): lane.height_px for number, lane in self._controllers.items()}
        return {_VELOCITY: velocity_px} | others

    def show_heights(self, heights_px: Mapping[str, int]) -> None:
        """Show the lanes that settings hold; what they cannot mean is passed over."""
        for name, height_px in heights_px.items():
            if name == _VELOCITY:
                self.velocities.setVisible(height_px > 0)
                self.velocities.set_height(height_px or self.velocities.height_px)
            elif name in _CONTROLLERS and height_px > 0:
                self.show_controller(int(name), is_shown=True)
                self._controllers[int(name)].set_height(height_px)

    def edit_with(self, notes: NoteEditor, controls: ControlEditor) -> None:
        """Let velocities and controllers be drawn; before there is nothing to choose."""
        self._editor = controls
        self.velocities.edit_with(notes)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session."""
        self._session, self._arrangement = session, arrangement
        for lane in self.lanes:
            lane.show_session(session, arrangement)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.chooser.show_theme(theme)
        for lane in self.lanes:
            lane.show_theme(theme)

    def show_controller(self, controller: int, *, is_shown: bool) -> None:
        """Show a controller's lane, or put it away."""
        if is_shown == (controller in self._controllers) or self._editor is None:
            return
        if is_shown:
            lane = ControllerLane(self._axis, controller, self._editor)
            lane.show_theme(self._theme)
            lane.show_session(self._session, self._arrangement)
            lane.show_playhead(self.velocities.playhead_ticks)
            lane.show_recording(is_recording=self.velocities.is_recording)
            lane.height_changed.connect(lambda _height_px: self.lanes_changed.emit())
            lane.close_button.clicked.connect(
                lambda: self.show_controller(controller, is_shown=False)
            )
            self._controllers[controller] = lane
            self._column.addWidget(lane)
            self.chooser.raise_()
        else:
            lane = self._controllers.pop(controller)
            had_focus = lane.hasFocus() or lane.close_button.hasFocus()
            self._column.removeWidget(lane)
            lane.hide()
            lane.deleteLater()
            if had_focus:
                self.chooser.setFocus()
        self.lanes_changed.emit()

    def menu(self) -> QMenu:
        """Return the choice of lanes; those that are shown are ticked."""
        menu = QMenu(self)
        menu.setObjectName("lanes_menu")
        menu.setAccessibleName("Lanes")
        action = menu.addAction("Velocity")
        action.setCheckable(True)
        action.setChecked(not self.velocities.isHidden())
        action.toggled.connect(self._show_velocities)
        moved = frozenset[int]().union(
            *(controllers_of(part.raw) for part in (self._editor.parts if self._editor else ()))
        )
        others = sorted((moved | set(self._controllers)) - set(OFFERED))
        for controller in (*OFFERED, *others):
            mark = _MARK if controller in moved else ""
            action = menu.addAction(controller_name(controller) + mark)
            action.setData(controller)
            action.setCheckable(True)
            action.setChecked(controller in self._controllers)
            action.toggled.connect(
                lambda is_on, number=controller: self.show_controller(number, is_shown=is_on)
            )
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in the lower corner of the gutter."""
        super().resizeEvent(event)
        self.chooser.move(2, self.height() - self.chooser.height() - 1)

    def _show_velocities(self, is_shown: bool) -> None:
        self.velocities.setVisible(is_shown)
        self.lanes_changed.emit()

    def _on_chooser_clicked(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.chooser.mapToGlobal(self.chooser.rect().topLeft()))


def connect_lanes(stack: LaneStack, services: Services) -> None:
    """Let what is drawn in the lanes become steps, and the lanes be found again."""
    stack.edit_with(services.notes, services.control_editor)
    settings = services.settings
    stack.show_heights(settings.settings.lanes)
    stack.lanes_changed.connect(lambda: settings.change(lanes=stack.heights_px))
