"""What the knobs, buttons, pads and keys of a controller are, as data, and what they do."""

from dataclasses import dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import Final, Literal

from musicassist.music.take import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, RawEvent

CONTINUOUS_ACTIONS: Final = (
    "surprise",
    "density",
    "leaps",
    "register",
    "swing",
    "quantize_strength",
    "humanize",
    "volume",
    "solo_volume",
    "backing_volume",
    "click_volume",
    "tempo",
)
TRIGGER_ACTIONS: Final = (
    "capture",
    "continue",
    "play_stop",
    "next_take",
    "previous_take",
    "keep_take",
    "record",
    "loop",
    "metronome",
    "tap_tempo",
    "undo",
    "panic",
)
ACTIONS: Final = CONTINUOUS_ACTIONS + TRIGGER_ACTIONS
"""Everything a control can do, by the names the window knows."""

ControlKind = Literal["knob", "toggle", "momentary", "pad"]

GENERIC: Final = "Generic"
"""Name of the profile for keyboards that no other fits."""

DRUM_CHANNEL: Final = 9

_ALL_SOUND_OFF: Final = 120
_ALL_NOTES_OFF: Final = 123
_HIGHEST_CONTROLLER: Final = 127
_PRESSED_FROM: Final = 64
_POLY_PRESSURE_MESSAGE: Final = 0xA0
_PROGRAM_MESSAGE: Final = 0xC0

# Wheels, breath, foot, expression, pedals, portamento and the brightness family: what a player
# moves while notes sound. Source: MIDI 1.0 Detailed Specification 4.2, table III.
_PERFORMANCE_CONTROLLERS: Final = frozenset((1, 2, 4, 5, 7, 11, *range(64, 80), 84, 91))


@dataclass(frozen=True, slots=True)
class Control:
    """One knob, button or pad, and what it does.

    Attributes:
        kind: `knob` sends where it stands, `toggle` is a button that sends 127 and 0 in turn,
            `momentary` one that sends 127 when pressed and 0 when let go, `pad` one that plays a
            note.
        number: Of the control change, or for `pad` of the note, 0-127.
        action: A name in `ACTIONS`.
        channel: 0-15; None for any. A pad is on the drum channel unless it says otherwise.

    Raises:
        ValueError: A field is out of range, or a knob is to trigger something.
    """

    kind: ControlKind
    number: int
    action: str
    channel: int | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"no such action: {self.action!r}")
        if not 0 <= self.number <= _HIGHEST_CONTROLLER:
            raise ValueError(f"a controller or note is 0-127: {self.number}")
        if self.kind != "pad" and self.number >= _ALL_SOUND_OFF:
            raise ValueError(f"controllers from 120 are messages to the whole channel: {self}")
        if self.channel is not None and not 0 <= self.channel <= 15:
            raise ValueError(f"channel is 0-15: {self.channel}")
        if (self.kind == "knob") != (self.action in CONTINUOUS_ACTIONS):
            raise ValueError(f"a {self.kind} cannot do {self.action!r}")

    @property
    def words(self) -> str:
        """The control as the user reads it: `CC 20`, `Pad 36`."""
        where = "" if self.channel is None else f" on channel {self.channel + 1}"
        return f"{'Pad' if self.kind == 'pad' else 'CC'} {self.number}{where}"

    @property
    def is_trigger(self) -> bool:
        """Whether it makes something happen (it sets something otherwise)."""
        return self.kind != "knob"

    def hears(self, event: RawEvent) -> bool:
        """Return whether an event comes from this control."""
        if event.data1 != self.number:
            return False
        if self.kind == "pad":
            is_kind = event.kind in (NOTE_ON, NOTE_OFF, _POLY_PRESSURE_MESSAGE)
            return is_kind and event.channel == (
                DRUM_CHANNEL if self.channel is None else self.channel
            )
        return event.kind == CONTROL_CHANGE and self.channel in (None, event.channel)


@dataclass(frozen=True, slots=True)
class ControllerProfile:
    """What one kind of keyboard sends, and what its controls do.

    Attributes:
        name: Of the keyboard, shown to the user.
        ports: Patterns (`*`, `?`, `[0-9]`; large and small letters alike) of its ports' names.
        except_ports: Patterns of names it is not chosen for, although `ports` fits.
        ignored_ports: Patterns of those of its ports that nothing musical comes from.
        key_channel: Channel its keys send on, 0-15.
        n_keys: How many it has; 0 for not known.
        lowest_key: Pitch of the lowest at the factory's octave.
        pad_channel: Channel its pads send on, 0-15.
        pads: Notes of each pad, the one it is heard as first; a pad may have several, since
            makers and sources disagree.
        has_pad_lights: Whether a note sent to a pad lights it.
        controls: Knobs, buttons and pads that do something.
    """

    name: str
    ports: tuple[str, ...]
    except_ports: tuple[str, ...] = ()
    ignored_ports: tuple[str, ...] = ()
    key_channel: int = 0
    n_keys: int = 0
    lowest_key: int = 36
    pad_channel: int = DRUM_CHANNEL
    pads: tuple[tuple[int, ...], ...] = ()
    has_pad_lights: bool = False
    controls: tuple[Control, ...] = ()

    def fits(self, port: str) -> bool:
        """Return whether a port of that name is this keyboard's."""
        return _fits_any(port, self.ports) and not _fits_any(port, self.except_ports)

    def ignores(self, port: str) -> bool:
        """Return whether nothing musical comes from a port of this keyboard."""
        return _fits_any(port, self.ignored_ports)

    def with_control(self, control: Control) -> "ControllerProfile":
        """Return the profile with a control learnt.

        What that control did before, and what else did that action, is forgotten.
        """
        kept = (
            each
            for each in self.controls
            if each.action != control.action and not _is_same_control(each, control)
        )
        return replace(self, controls=(*kept, control))

    def without_action(self, action: str) -> "ControllerProfile":
        """Return the profile without the controls that do an action."""
        kept = tuple(each for each in self.controls if each.action != action)
        return replace(self, controls=kept)

    def for_port(self, port: str) -> "ControllerProfile":
        """Return the profile to keep what is learnt at a port in.

        That is the profile itself, or, since all unknown keyboards share the generic one, a
        profile of that port's own.
        """
        if self.name != GENERIC:
            return self
        return replace(self, name=port, ports=(_as_pattern(port),))


def _is_same_control(one: Control, other: Control) -> bool:
    is_same_message = (one.kind == "pad") == (other.kind == "pad") and one.number == other.number
    return is_same_message and (
        None in (one.channel, other.channel) or one.channel == other.channel
    )


def _fits_any(port: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(port.casefold(), pattern.casefold()) for pattern in patterns)


def _as_pattern(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


class Part(Enum):
    """What an event of a keyboard is to us.

    Attributes:
        KEY: A key of the melody goes down or up.
        PAD: A drum pad goes down or up.
        PERFORMANCE: A wheel, pedal or pressure belongs to what is played.
        CONTROL: One of our controls was moved; it belongs to no take.
        ALL_OFF: Everything this port holds is to be let go.
        NOTHING: Not for us.
    """

    KEY = "key"
    PAD = "pad"
    PERFORMANCE = "performance"
    CONTROL = "control"
    ALL_OFF = "all_off"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Translated:
    """What an event means.

    Attributes:
        part: What it is.
        event: The event; a pad's carries the note the pad is heard as.
        action: For `CONTROL`, a name in `ACTIONS`; empty when nothing is to happen, as when a
            button is let go.
        value: For `CONTROL`, 0-1; 1 for a trigger.
        is_trigger: For `CONTROL`, whether it makes something happen.
    """

    part: Part
    event: RawEvent
    action: str = ""
    value: float = 0.0
    is_trigger: bool = False


class ControllerMap:
    """Says what the events of a keyboard mean.

    Args:
        profile: Of the keyboard.

    Thread: any; it remembers nothing.
    Realtime: no locks, no waiting.
    """

    def __init__(self, profile: ControllerProfile) -> None:
        self.profile = profile
        self._heard_as = {note: pad[0] for pad in profile.pads for note in pad}

    def translate(self, event: RawEvent) -> Translated:
        """Return what an event means."""
        for control in self.profile.controls:
            if control.hears(event):
                return _moved(control, event)
        if event.is_note_on or event.is_note_off:
            if event.channel not in (self.profile.pad_channel, DRUM_CHANNEL):
                return Translated(Part.KEY, event)
            return Translated(Part.PAD, self._as_heard(event))
        if event.kind == CONTROL_CHANGE:
            return Translated(_part_of_controller(event.data1), event)
        if event.kind == _PROGRAM_MESSAGE:
            return Translated(Part.NOTHING, event)
        if event.channel in (self.profile.pad_channel, DRUM_CHANNEL):
            return Translated(Part.NOTHING, event)  # pressure on a pad
        return Translated(Part.PERFORMANCE, event)

    def _as_heard(self, event: RawEvent) -> RawEvent:
        note = self._heard_as.get(event.data1, event.data1)
        return RawEvent(event.time_ns, event.kind | DRUM_CHANNEL, note, event.data2)


def _moved(control: Control, event: RawEvent) -> Translated:
    if control.kind == "knob":
        return Translated(Part.CONTROL, event, control.action, event.data2 / 127)
    if control.kind == "pad":
        is_pressed = event.is_note_on
    else:
        is_pressed = control.kind == "toggle" or event.data2 >= _PRESSED_FROM
    if not is_pressed:
        return Translated(Part.CONTROL, event, is_trigger=True)
    return Translated(Part.CONTROL, event, control.action, 1.0, is_trigger=True)


def _part_of_controller(number: int) -> Part:
    if number in _PERFORMANCE_CONTROLLERS:
        return Part.PERFORMANCE
    if number == _ALL_SOUND_OFF or number >= _ALL_NOTES_OFF:
        return Part.ALL_OFF
    return Part.NOTHING


def pad_light(profile: ControllerProfile, pad_note: int, is_lit: bool) -> bytes | None:
    """Return the message that lights a pad or puts its light out; None if it has none.

    Args:
        profile: Of the keyboard.
        pad_note: The note the pad sends.
        is_lit: Whether it is to shine.
    """
    is_pad = any(pad_note in pad for pad in profile.pads)
    if not (profile.has_pad_lights and is_pad):
        return None
    if is_lit:
        return bytes((NOTE_ON | profile.pad_channel, pad_note, 127))
    return bytes((NOTE_OFF | profile.pad_channel, pad_note, 0))
