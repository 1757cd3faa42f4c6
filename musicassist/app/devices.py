"""Keyboards, sound and MIDI out: what there is, and what the engine is told to do with it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.app.engine_client import EngineOptions
from musicassist.app.notices import Notices
from musicassist.app.player import Engine
from musicassist.app.settings import SettingsService
from musicassist.audio.soundfonts import find_soundfonts
from musicassist.engine.protocol import (
    ChooseMidiOutput,
    Command,
    ConfigureInputs,
    ControlLearned,
    EngineReady,
    ForgetControls,
    InputPort,
    InputPortsChanged,
    KeepingIn,
    LearnControl,
    OutputPortsChanged,
    PlayingKept,
    PortSpoke,
    SetMetronome,
    SetRoom,
    SetVolume,
    SoundHealth,
)
from musicassist.errors import MusicAssistError
from musicassist.music.playing import InputSettings
from musicassist.storage.settings import Settings

_NO_OUTPUTS: Final = OutputPortsChanged(())
_RESTART_FIELDS: Final = ("audio_device", "block_frames", "soundfont")
_RESTART_AFTER_MS: Final = 250  # so that going through a list by key starts one engine, not ten


@dataclass(frozen=True, slots=True)
class DevicesState:
    """What is known of the devices now.

    Attributes:
        options: What the engine was started with, or is about to be.
        ready: What it said of itself; None while there is none, or it is getting ready.
        inputs: The MIDI inputs.
        outputs: The MIDI outputs.
        health: How the sound does; None as long as nothing was said.
        n_kept: Events of what was played that stand in the session file.
        learning: The action that waits for a knob, button or pad; empty for none.
        learnt: The control learnt last; None for none, and while one is waited for.
        soundfonts: SoundFonts found on this machine.
    """

    options: EngineOptions
    ready: EngineReady | None = None
    inputs: tuple[InputPort, ...] = ()
    outputs: OutputPortsChanged = _NO_OUTPUTS
    health: SoundHealth | None = None
    n_kept: int = 0
    learning: str = ""
    learnt: ControlLearned | None = None
    soundfonts: tuple[Path, ...] = ()


class DevicesService(QObject):
    """Keeps every engine set up as the user wants it, and what it says of the devices.

    An engine that reports itself is told everything; after that only what changes is sent. A
    change that an engine cannot make while it runs lets another take over.

    `state_changed` carries the new `DevicesState`; `port_spoke` the name of an input at which
    something has just arrived; `restarting` comes when another engine shall take over.

    Args:
        engine: What plays and listens.
        settings: What the user wants.
        notices: Where the user is told.
        parent: Its Qt owner.

    Thread: GUI.
    """

    state_changed = Signal(object)
    port_spoke = Signal(str)
    restarting = Signal()

    def __init__(
        self,
        engine: Engine,
        settings: SettingsService,
        notices: Notices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._service = settings
        self._notices = notices
        self._state = DevicesState(engine.options)
        self._known = settings.settings
        self._has_asked_restart = False
        self._kept_in = ""
        self._restart_soon = QTimer(self)
        self._restart_soon.setSingleShot(True)
        self._restart_soon.setInterval(_RESTART_AFTER_MS)
        self._restart_soon.timeout.connect(self._restart)
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)
        settings.changed.connect(self._on_settings_changed)

    @property
    def state(self) -> DevicesState:
        """What is known of the devices now."""
        return self._state

    @property
    def settings(self) -> Settings:
        """What the user wants of them."""
        return self._service.settings

    def input_settings(self, name: str) -> InputSettings:
        """Return what the user wants of an input."""
        for each in self.settings.inputs:
            if each.name == name:
                return each
        return InputSettings(name)

    def change_input(self, name: str, **fields: Any) -> None:
        """Change what the user wants of an input."""
        wanted = replace(self.input_settings(name), **fields)
        others = [each for each in self.settings.inputs if each.name != name]
        if wanted != InputSettings(name):
            others.append(wanted)
        self._service.change(inputs=tuple(others))

    def learn(self, action: str) -> None:
        """Wait for a knob, button or pad that shall do something; the newest wish counts."""
        self._update(learning=action, learnt=None)
        self._engine.send(LearnControl(action))

    def cancel_learning(self) -> None:
        """Wait no longer."""
        if self._state.learning:
            self._update(learning="")
            self._engine.send(LearnControl(""))

    def forget_controls(self, port: str) -> None:
        """Give a controller back the mapping it came with."""
        self._update(learnt=None)
        self._engine.send(ForgetControls(port))

    def look_for_soundfonts(self) -> None:
        """Find the SoundFonts of this machine; takes some milliseconds."""
        self._update(soundfonts=find_soundfonts())

    def shut_down(self) -> None:
        """Start no other engine any more."""
        self._restart_soon.stop()

    def _update(self, **fields: Any) -> None:
        state = replace(self._state, **fields)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _on_engine_event_arrived(self, event: object) -> None:
        match event:
            case EngineReady():
                self._on_engine_ready(event)
            case InputPortsChanged(ports):
                self._update(inputs=ports)
            case OutputPortsChanged():
                self._update(outputs=event)
            case SoundHealth():
                self._update(health=event)
            case PlayingKept(n_events):
                self._update(n_kept=n_events)
            case KeepingIn():
                self._on_keeping_in(event)
            case ControlLearned():
                self._update(learning="", learnt=event)
            case PortSpoke(port):
                self.port_spoke.emit(port)

    def _on_engine_ready(self, ready: EngineReady) -> None:
        self._configure()
        self._update(ready=ready)
        if self._has_asked_restart:
            self._has_asked_restart = False
            is_as_wanted = ready.synth.endswith(Path(self._state.options.soundfont).name)
            if ready.audio_device and is_as_wanted:  # else the engine says itself what is wrong
                self._notices.tell(f"Sound goes on: {ready.synth}, through {ready.audio_device}.")

    def _on_keeping_in(self, keeping: KeepingIn) -> None:
        if self._state.ready is not None:
            self._update(ready=replace(self._state.ready, is_keeping=keeping.is_keeping))
        if keeping.session_file != self._kept_in:
            self._kept_in = keeping.session_file
            self._update(n_kept=0)

    def _on_engine_gone(self, _error: MusicAssistError) -> None:
        self._update(inputs=(), outputs=_NO_OUTPUTS)
        self._forget_engine()

    def _forget_engine(self) -> None:
        self._update(ready=None, health=None, n_kept=0)

    def _configure(self) -> None:
        """Tell an engine everything."""
        for command in _commands_of(self.settings):
            self._engine.send(command)
        if self._state.learning:
            self._engine.send(LearnControl(self._state.learning))

    def _on_settings_changed(self, settings: Settings) -> None:
        known, self._known = self._known, settings
        for before, command in zip(_commands_of(known), _commands_of(settings), strict=True):
            if command != before:
                self._engine.send(command)
        changed = {
            name: getattr(settings, name)
            for name in _RESTART_FIELDS
            if getattr(settings, name) != getattr(known, name)
        }
        if changed:
            self._update(options=replace(self._state.options, **changed))
            self._restart_soon.start()

    def _restart(self) -> None:
        """Let an engine take over that is started as the user wants it now."""
        session_file = self._engine.options.session_file  # another one may have been opened
        options = replace(self._state.options, session_file=session_file)
        if options == self._engine.options:  # changed and changed back
            return
        self._has_asked_restart = True
        self.restarting.emit()
        self._forget_engine()
        self._engine.restart(options)


def port_in_words(name: str) -> str:
    """Return a port's name as people call it: `V49 MIDI 1` for `V49:V49 MIDI 1`.

    JACK and ALSA write the program or the device first, and ALSA says it twice.
    """
    client, _, port = name.partition(":")
    if not port.strip() or port.strip().startswith(client):
        return port.strip() or client
    return f"{client} {port.strip()}"


def _commands_of(settings: Settings) -> tuple[Command, ...]:
    """Return all that is said to an engine but the mix, always in one order."""
    return (
        ConfigureInputs(settings.inputs),
        ChooseMidiOutput(settings.midi_output, settings.is_output_virtual, settings.sends_live),
        SetMetronome(settings.is_metronome_on, settings.is_accented),
        SetVolume(settings.volume_db),
        SetRoom(settings.room),
    )
