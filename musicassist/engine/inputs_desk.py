"""From a port to a meaning: what arrives is filtered, understood and given its voice."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from musicassist.engine.protocol import DRUM_CHANNEL, PLAYER_CHANNEL, ControlUse
from musicassist.errors import MusicAssistError
from musicassist.midi.controllers import ControllerMap, ControllerProfile, Part, Translated
from musicassist.midi.filters import InputFilter
from musicassist.midi.inputs import Inputs, OnEvent, PortsReport
from musicassist.midi.learn import Learner, Learnt
from musicassist.midi.profiles import Profiles, forget_profile, load_profiles, save_profile
from musicassist.midi.voice import PortVoice
from musicassist.music.playing import InputSettings
from musicassist.music.take import RawEvent

OpenInputs = Callable[[OnEvent, Callable[[str], ControllerProfile]], Inputs]


class Arrival(NamedTuple):
    """Something that arrived at a port.

    Attributes:
        source: Name of the port.
        raw: As it arrived.
        translated: What it means.
        heard: What sounds of it, on the player's or the drum channel.
    """

    source: str
    raw: RawEvent
    translated: Translated
    heard: tuple[RawEvent, ...]


@dataclass(slots=True)
class _Port:
    map: ControllerMap
    voice: PortVoice


class InputsDesk:
    """Listens to all keyboards.

    What sounds is handed on at once, on the thread it arrived on; what it means waits in a queue
    for the main loop.

    Args:
        open_inputs: Opens the ports.
        play_live: Told what sounds of a port, at once; must return at once.
        controllers_folder: The user's own controller profiles; None for nowhere.

    Thread: the main loop, but for `_on_input`.
    """

    def __init__(
        self,
        open_inputs: OpenInputs,
        play_live: Callable[[str, RawEvent], None],
        controllers_folder: Path | None = None,
    ) -> None:
        self.filter = InputFilter()
        self._play_live = play_live
        self._folder = controllers_folder
        self._profiles: Profiles = load_profiles(controllers_folder)
        self._learnt: dict[str, ControllerProfile] = {}  # by port, where there is no folder
        self._settings: dict[str, InputSettings] = {}
        self._ports: dict[str, _Port] = {}
        self._arrived: deque[Arrival] = deque()
        self._learner: Learner | None = None
        self._inputs = open_inputs(self._on_input, self.profile_for)

    @property
    def problems(self) -> tuple[MusicAssistError, ...]:
        """What is wrong with the user's controller profiles."""
        return self._profiles.problems

    def profile_for(self, port: str) -> ControllerProfile:
        """Return the profile of the keyboard at a port."""
        return self._learnt.get(port) or self._profiles.for_port(port)

    def uses_at(self, port: str) -> tuple[ControlUse, ...]:
        """Return what the controls of the keyboard at a port do now."""
        profile = self.profile_for(port)
        return tuple(
            ControlUse(each.action, each.words, self._profiles.is_learnt(profile, each))
            for each in profile.controls
        )

    def poll(self, now_ns: int) -> PortsReport | None:
        """Look after the ports; return what has changed, or None."""
        report = self._inputs.poll(now_ns)
        if report is not None:
            for source in report.vanished:
                self._ports.pop(source, None)
        return report

    def take(self) -> Iterator[Arrival]:
        """Yield what has arrived since the last call."""
        while self._arrived:
            yield self._arrived.popleft()

    def configure(self, settings: Sequence[InputSettings]) -> None:
        """Say how ports are listened to; those not named are open and as they come."""
        self._settings = {each.name: each for each in settings}
        for name, port in tuple(self._ports.items()):
            port.voice.settings = self._settings.get(name, InputSettings(name))
        self._inputs.configure(settings)

    def learn(self, action: str) -> None:
        """Wait for the control that is to do an action; an empty one stops waiting.

        Raises:
            ValueError: There is no such action.
        """
        self._learner = Learner(action) if action else None

    def hear(self, arrival: Arrival) -> Learnt | None:
        """Let an arrival be what is waited for; return what has been learnt from it, or None."""
        if self._learner is None:
            return None
        profile = self.profile_for(arrival.source)
        return self._learner.hear(arrival.source, profile, arrival.raw)

    def check_learning(self, now_ns: int) -> Learnt | None:
        """Return what has been learnt because nothing more came, or None."""
        return None if self._learner is None else self._learner.check(now_ns)

    def keep(self, learnt: Learnt) -> None:
        """Let a control do from now on what was learnt for it, for good if there is a folder.

        Raises:
            OutputError: It cannot be written; it holds until the end of the program.
        """
        self._learner = None
        profile = self.profile_for(learnt.source).for_port(learnt.source)
        profile = profile.with_control(learnt.control)
        self._learnt[learnt.source] = profile
        self._map_anew()
        if self._folder is not None:
            save_profile(profile, self._folder)
            self._reload(learnt.source)

    def forget(self, port: str) -> None:
        """Give a keyboard back the mapping it came with.

        Raises:
            OutputError: What the user had taught it cannot be deleted.
        """
        name = self.profile_for(port).name
        if self._folder is not None:
            forget_profile(name, self._folder)
        self._reload(port)

    def close(self) -> None:
        """Let go of all ports."""
        self._inputs.close()

    def _reload(self, port: str) -> None:
        self._learnt.pop(port, None)
        self._profiles = load_profiles(self._folder)
        self._map_anew()

    def _map_anew(self) -> None:
        for name, port in tuple(self._ports.items()):
            port.map = ControllerMap(self.profile_for(name))

    def _on_input(self, source: str, event: RawEvent) -> None:
        """Judge an event, let it sound, and leave its meaning for the main loop.

        Thread: rtmidi's.
        Realtime: a few dictionary look-ups; a lock held for some microseconds.
        """
        if not self.filter.admits(source, event):
            return
        port = self._ports.get(source) or self._open(source)
        translated = port.map.translate(event)
        heard = tuple(_as_heard(each) for each in port.voice.play(translated))
        for each in heard:
            self._play_live(source, each)
        if translated.part is Part.ALL_OFF:
            port.voice.forget_held()
        self._arrived.append(Arrival(source, event, translated, heard))

    def _open(self, source: str) -> _Port:
        settings = self._settings.get(source, InputSettings(source))
        port = _Port(ControllerMap(self.profile_for(source)), PortVoice(settings))
        return self._ports.setdefault(source, port)


def _as_heard(event: RawEvent) -> RawEvent:
    """Return an event on the player's channel, whatever channel the keyboard sends on."""
    if event.channel in (PLAYER_CHANNEL, DRUM_CHANNEL):
        return event
    return RawEvent(event.time_ns, event.kind | PLAYER_CHANNEL, event.data1, event.data2)
