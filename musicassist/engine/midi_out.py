"""What is played back, and live if wanted, sent to a MIDI output; and the lights of pads."""

from collections.abc import Callable, Iterable
from typing import Final

from musicassist.engine.devices import MidiDevices, OnSent
from musicassist.engine.protocol import ChooseMidiOutput, EngineTrouble, Event, OutputPortsChanged
from musicassist.engine.renderer import PlaybackMessage
from musicassist.midi.controllers import DRUM_CHANNEL, ControllerProfile, pad_light
from musicassist.midi.sending import Output, OutputClock, silencing
from musicassist.music.take import RawEvent

NAMES_NS: Final = 1_000_000_000


class MidiOut:
    """Sends to the chosen output in time with what is heard.

    Args:
        midi: The ports of this machine.
        on_sent: Told of every message, so that its echo can be known.
        send: Told of every event.

    Thread: the main loop; `play_live` any.
    """

    def __init__(self, midi: MidiDevices, on_sent: OnSent, send: Callable[[Event], None]) -> None:
        self._midi = midi
        self._send = send
        self._output = midi.open_output(on_sent)
        self._clock: OutputClock | None = None
        self._sends_live = False
        self._is_cleared = False  # of what an engine that died may have left sounding there
        self._last_ns = 0
        self._told = OutputPortsChanged(())
        self._next_names_ns = 0

    @property
    def is_used(self) -> bool:
        """Whether an output is chosen."""
        return self._clock is not None

    def choose(self, command: ChooseMidiOutput) -> None:
        """Send to another output; all that was sounding on the one before is ended."""
        if self._clock is not None:
            self._clock.flush()
        self._sends_live = False  # before the silence, or a key struck just now would hang
        self._output.silence()
        self._is_cleared &= command.name == self._output.name
        self._output.choose(command.name, is_virtual=command.is_virtual)
        if command.name and self._clock is None:
            self._clock = self._midi.open_clock(self._output)
        elif not command.name and self._clock is not None:
            self._clock.close()
            self._clock = None
        self._sends_live = command.sends_live and command.name != ""
        self._next_names_ns = 0

    def play_live(self, event: RawEvent) -> None:
        """Send what a person plays, if wanted.

        Thread: any.
        """
        if self._sends_live:
            self._output.send(event.status, event.data1, event.data2)

    def play(self, messages: Iterable[PlaybackMessage]) -> None:
        """Send what is played back when it is heard, in the order it is played."""
        if self._clock is None:
            return
        events: list[RawEvent] = []
        for heard_s, status, data1, data2 in messages:
            # With another audio device, what comes next may be heard before what came last; the
            # end of a note must not overtake its start.
            self._last_ns = max(self._last_ns, round(heard_s * 1e9))
            events.append(RawEvent(self._last_ns, status, data1, data2))
        if events:
            self._clock.schedule(events)

    def silence(self) -> None:
        """End everything at once."""
        if self._clock is not None:
            self._clock.flush()
        self._output.silence()

    def step(self, now_ns: int) -> None:
        """Look after the output, and say which there are."""
        report = self._output.poll(now_ns)
        if report is not None and report.problem is not None:
            self._send(EngineTrouble(report.problem.what, report.problem.hint))
        if report is not None and report.is_open and not self._is_cleared:
            self._is_cleared = True
            for status, controller, value in silencing(range(16)):
                self._output.send(status, controller, value)
        if report is not None or now_ns >= self._next_names_ns:
            self._next_names_ns = now_ns + NAMES_NS
            chosen = self._output.name if self._output.is_open else ""
            changed = OutputPortsChanged(
                self._midi.output_names(), chosen, self._midi.can_be_virtual
            )
            if changed != self._told:
                self._told = changed
                self._send(changed)

    def close(self) -> None:
        """Silence the receiver and let go of the port."""
        if self._clock is not None:
            self._clock.close()
            self._clock = None
        self._output.close()


class PadLights:
    """Lights the pads of keyboards that have lights, while they are struck.

    Args:
        midi: The ports of this machine.

    Thread: the main loop.
    """

    def __init__(self, midi: MidiDevices) -> None:
        self._midi = midi
        self._outputs: dict[str, Output] = {}

    def show(self, profile: ControllerProfile, pad: RawEvent, now_ns: int) -> None:
        """Light a pad that has been struck, or put its light out; keys light nothing.

        Args:
            profile: Of the keyboard.
            pad: The note as it arrived from there.
            now_ns: The clock.
        """
        if pad.channel not in (profile.pad_channel, DRUM_CHANNEL):  # a key of that number
            return
        message = pad_light(profile, pad.data1, pad.is_note_on)
        if message is None:
            return
        name = self._midi.light_output_name(profile)
        if name is None:
            return
        output = self._outputs.get(name)
        if output is None:
            output = self._outputs[name] = self._midi.open_output()
            output.choose(name)
            output.poll(now_ns)
        output.send(*message)

    def step(self, now_ns: int) -> None:
        """Look after the outputs in use."""
        for output in self._outputs.values():
            output.poll(now_ns)

    def close(self) -> None:
        """Put all lights out and let go of the ports."""
        for output in self._outputs.values():
            output.close()
        self._outputs.clear()
