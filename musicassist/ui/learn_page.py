"""What knobs, buttons and pads do, and how to teach them something else."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.app.devices import DevicesState, port_in_words
from musicassist.engine.protocol import InputPort
from musicassist.midi.controllers import CONTINUOUS_ACTIONS, TRIGGER_ACTIONS
from musicassist.ui.controls import Button, ElidedLabel, label, restyle
from musicassist.ui.hints import describe_one_of, enable, plain_tip
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme

ACTION_WORDS: Final = {
    "surprise": "Surprise",
    "density": "Density",
    "leaps": "Steps and leaps",
    "register": "Register",
    "swing": "Swing",
    "quantize_strength": "Timing strength",
    "humanize": "Humanize",
    "volume": "Volume of everything",
    "solo_volume": "Volume of the solo",
    "backing_volume": "Volume of the backing",
    "click_volume": "Volume of the click",
    "tempo": "Tempo",
    "capture": "Grab",
    "continue": "Continue",
    "play_stop": "Play and stop",
    "next_take": "Next take",
    "previous_take": "Previous take",
    "keep_take": "Keep the take",
    "record": "Record",
    "loop": "Loop",
    "metronome": "Metronome",
    "tap_tempo": "Tap the tempo",
    "undo": "Undo",
    "panic": "Panic",
}
_HOW: Final = "Press Learn, then move what shall do it. It is remembered for that controller."
_PROTECTED: Final = (
    "Keys, pitch bend, modulation wheel and sustain pedal belong to your playing and are never "
    "taken; neither are messages to the whole channel."
)
_NOBODY: Final = "Plug a controller in first; it is found by itself."


class LearnPage(QWidget):
    """Shows every action with its control.

    `learn_wanted(action)` begins to wait for a control, `learn_cancelled` ends it,
    `forget_wanted(port)` gives a controller its own mapping back.
    """

    learn_wanted = Signal(str)
    learn_cancelled = Signal()
    forget_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._learning = ""
        self._ports: tuple[InputPort, ...] = ()
        self.said = label(_HOW, "second")
        self.said.setWordWrap(True)
        hold_size(self.said, height_px=34, is_least=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.rows = {
            action: ActionRow(action) for action in (*CONTINUOUS_ACTIONS, *TRIGGER_ACTIONS)
        }
        self._forget = QVBoxLayout()
        self._forget.setSpacing(4)
        self.forget_buttons: list[Button] = []
        self._lay_out()
        for row in self.rows.values():
            row.learn_wanted.connect(self.learn_wanted)
            row.learn_cancelled.connect(self.learn_cancelled)

    def show_state(self, state: DevicesState) -> None:
        """Show what does what now, and what is waited for."""
        self._learning = state.learning
        learnt = state.learnt
        can_learn = bool(state.inputs)
        are_several = sum(bool(port.controls) for port in state.inputs) > 1
        for action, row in self.rows.items():
            uses = [
                (port, use)
                for port in state.inputs
                for use in port.controls
                if use.action == action
            ]
            words = [
                _at_port(use.control, port) if are_several else use.control for port, use in uses
            ]
            is_new = learnt is not None and learnt.action == action
            if learnt is not None and is_new and not uses:
                words = [learnt.control]
            row.show_state(
                control=", ".join(words),
                is_learnt=is_new or any(use.is_learnt for _, use in uses),
                is_waiting=action == state.learning,
                can_learn=can_learn,
            )
        if learnt is not None:
            where = port_in_words(learnt.port)
            what = ACTION_WORDS.get(learnt.action, learnt.action)
            self.said.setText(f"{learnt.control} of {where} is {what} from now on.")
        else:
            self.said.setText(_HOW if can_learn else _NOBODY)
        if state.inputs != self._ports:
            self._ports = state.inputs
            self._show_forgettable()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""

    def hideEvent(self, event: QHideEvent) -> None:
        """Wait for no control that nobody sees being waited for."""
        super().hideEvent(event)
        if self._learning:
            self.learn_cancelled.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(2)
        column.addWidget(self.said)
        for title, actions in (
            ("Knobs and faders", CONTINUOUS_ACTIONS),
            ("Buttons and pads", TRIGGER_ACTIONS),
        ):
            column.addSpacing(8)
            column.addWidget(label(title, "title"))
            column.addSpacing(2)
            for action in actions:
                column.addWidget(self.rows[action])
        column.addSpacing(8)
        column.addLayout(self._forget)
        column.addSpacing(6)
        protected = label(_PROTECTED, "second")
        protected.setWordWrap(True)
        column.addWidget(protected)
        column.addStretch(1)

    def _show_forgettable(self) -> None:
        """Offer to forget, for every controller that was taught something."""
        for button in self.forget_buttons:
            self._forget.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.forget_buttons = []
        for number, port in enumerate(self._ports, start=1):
            n_learnt = sum(use.is_learnt for use in port.controls)
            if n_learnt:
                what = "1 control" if n_learnt == 1 else f"{n_learnt} controls"
                name = port_in_words(port.name)
                button = Button(f"Forget {what} learnt at {plain_tip(name)}", role="small")
                describe_one_of(button, "forget_button", str(number), name)
                button.clicked.connect(lambda _on, name=port.name: self.forget_wanted.emit(name))
                self.forget_buttons.append(button)
                self._forget.addWidget(button)


class ActionRow(QWidget):
    """One action: its name, the control that does it, and the button that waits for another.

    Args:
        action: A name in `midi.controllers.ACTIONS`.
    """

    learn_wanted = Signal(str)
    learn_cancelled = Signal()

    def __init__(self, action: str) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._action = action
        self._is_waiting = False
        words = ACTION_WORDS.get(action, action)
        self.control = ElidedLabel(role="second")
        self.control.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = Button("Learn", role="quiet")
        hold_size(self.button, width_px=72)
        describe_one_of(self.button, "learn_button", action, words)
        self.button.clicked.connect(self._on_button_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 1)
        row.setSpacing(12)
        row.addWidget(label(words))
        row.addWidget(self.control, 1)
        row.addWidget(self.button)

    def show_state(
        self, *, control: str, is_learnt: bool, is_waiting: bool, can_learn: bool
    ) -> None:
        """Show what does it now."""
        self._is_waiting = is_waiting
        is_knob = self._action in CONTINUOUS_ACTIONS
        if is_waiting:
            control = "turn a knob now" if is_knob else "press a button or pad now"
        self.control.show_text(control or "\N{EN DASH}")
        self.control.setToolTip(plain_tip("Learnt by you." if is_learnt else ""))
        role = "working" if is_waiting else ("" if is_learnt else "second")
        if role != self.control.property("role"):
            self.control.setProperty("role", role)
            restyle(self.control)
        self.button.setText("Cancel" if is_waiting else "Learn")
        role = "small" if is_waiting else "quiet"
        if role != self.button.property("role"):
            self.button.setProperty("role", role)
            restyle(self.button)
        name = self.button.objectName()
        enable(
            self.button,
            name.rpartition("_")[0],
            is_enabled=can_learn or is_waiting,
            reason=_NOBODY,
        )

    def _on_button_clicked(self) -> None:
        if self._is_waiting:
            self.learn_cancelled.emit()
        else:
            self.learn_wanted.emit(self._action)


def _at_port(control: str, port: InputPort) -> str:
    return f"{control} ({port_in_words(port.name)})"
