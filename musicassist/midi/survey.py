"""Which MIDI system and ports this machine has, looked at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from musicassist.midi.controllers import ControllerProfile
from musicassist.midi.inputs import PortState
from musicassist.midi.ports import InputPorts
from musicassist.midi.profiles import load_profiles
from musicassist.midi.system import MidiSystem


@dataclass(frozen=True, slots=True)
class PortsSurvey:
    """The MIDI system and its ports.

    Attributes:
        system: ALSA, JACK, CoreMIDI or Windows MM; empty when there is none.
        inputs: All inputs but our own, with the profile each gets and what is wrong with it.
        outputs: Names of all outputs but our own (foreign text).
        can_be_virtual: Whether we can offer a port of our own here.
    """

    system: str = ""
    inputs: tuple[PortState, ...] = ()
    outputs: tuple[str, ...] = ()
    can_be_virtual: bool = False


def find_ports(profile_for: Callable[[str], ControllerProfile] | None = None) -> PortsSurvey:
    """Look at the MIDI system; every input is opened for a moment, to see whether it is busy.

    Args:
        profile_for: Returns the controller profile for a port of a name; the packaged ones if
            not given.
    """
    system = MidiSystem()
    inputs = InputPorts(lambda *_: None, system, profile_for or load_profiles().for_port)
    try:
        report = inputs.poll(time.perf_counter_ns())
        states = () if report is None else report.ports
        return PortsSurvey(system.name, states, tuple(system.outputs()), system.can_be_virtual)
    finally:
        inputs.close()
        system.let_go()
