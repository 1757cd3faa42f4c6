"""What the user has set up once and wants to find again: devices, sounds, click, appearance."""

import math
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, get_type_hints

import msgspec
import tomli_w

from musicassist.errors import MusicAssistError, OutputError, SettingsError
from musicassist.music.playing import InputSettings
from musicassist.paths import write_atomically
from musicassist.storage.aside import set_aside

_MOST_BYTES: Final = 1 << 20
_LONGEST_QUOTE: Final = 40
_LOUDEST_DB: Final = 12.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything set up that belongs to the person and the machine, not to the music.

    Attributes:
        audio_device: Name of the output device; empty for the system's choice.
        block_frames: Frames the device is asked to work in; 0 for its own choice.
        soundfont: Path of a SoundFont; empty for the built-in sounds.
        inputs: MIDI inputs that are not listened to as they come.
        midi_output: Name of the MIDI output that is played to; empty for none.
        is_output_virtual: Whether that is a port of our own that others connect to.
        sends_live: Whether what the person plays goes there too.
        volume_db: Of everything; 0 is full, -60 or less is silent.
        room: How much of a room is heard around everything but the click, 0-1.
        is_metronome_on: Whether the click is heard while playing.
        is_accented: Whether the first count of a bar sounds different.
        count_in_bars: Bars of click before recording: 0, 1, 2 or 4.
        theme: "dark", "light", or "system" for what the desktop shows.
        text_percent: How large text is, 100 to 200.
        middle_c_octave: The octave middle C is said to be in: 3 or 4.
        keys: The user's own keys by name of the command, as Qt writes them.
        roll_switches: What the piano roll shows and does, by name of the command; what is missing
            is as it came.
        lanes: The lanes under the notes and how tall each is, in pixels: "velocity", or the number
            of a controller; 0 for one that is put away.
        window_place: Where the window stands and how large it is, as Qt writes it in base64.
        window_layout: Where its panels are, likewise.
        left_heights_px: How high its panels at the left are.
        is_window_room_shared: Whether they have the room they come with, unchanged by the user.
        folder: Where files were opened or saved last; empty for nowhere yet.
        has_seen_tour: Whether the first steps have been shown.
    """

    audio_device: str = ""
    block_frames: int = 0
    soundfont: str = ""
    inputs: tuple[InputSettings, ...] = ()
    midi_output: str = ""
    is_output_virtual: bool = False
    sends_live: bool = False
    volume_db: float = 0.0
    room: float = 0.15
    is_metronome_on: bool = False
    is_accented: bool = True
    count_in_bars: int = 1
    theme: Literal["dark", "light", "system"] = "dark"
    text_percent: int = 100
    middle_c_octave: int = 3
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roll_switches: dict[str, bool] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=dict)
    window_place: str = ""
    window_layout: str = ""
    left_heights_px: tuple[int, ...] = ()
    is_window_room_shared: bool = True
    folder: str = ""
    has_seen_tour: bool = False


def load_settings(path: Path) -> tuple[Settings, tuple[MusicAssistError, ...]]:
    """Return the settings a file holds, and what is wrong with it, a sentence each.

    What is missing or cannot be is as it came; what is unknown is passed over. A file that cannot
    be read as settings at all is put aside.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "the system refused"
        return Settings(), (
            SettingsError(f"The settings in {path} cannot be read: {reason}.", _AS_THEY_CAME),
        )
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError("too big")
        table = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return Settings(), (_set_aside(path),)
    return _settings_from(table)


def save_settings(path: Path, settings: Settings) -> None:
    """Write settings; at any moment the file is exactly the old or the new one.

    Raises:
        OutputError: It cannot be written; the old one is as it was.
    """
    text = tomli_w.dumps(msgspec.to_builtins(settings))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name in a foreign alphabet may hold lone surrogates, which no file can. A link, as
        # people have who keep their settings elsewhere, stays a link.
        write_atomically(Path(os.path.realpath(path)), text.encode(errors="replace"))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "the system refused"
        raise OutputError(
            f"The settings could not be saved in {path.parent}: {reason}.",
            "They hold until the program ends; check the folder and the disk.",
        ) from problem


_AS_THEY_CAME: Final = "All settings are as they came."


def _set_aside(path: Path) -> SettingsError:
    """Put a damaged file aside; return what to tell."""
    what = f"The settings in {path} are damaged."
    try:
        aside = set_aside(path)
    except OSError:
        return SettingsError(what, _AS_THEY_CAME)
    return SettingsError(what, f"{_AS_THEY_CAME} The damaged file is {aside.name} now.")


def _settings_from(table: dict[str, Any]) -> tuple[Settings, tuple[MusicAssistError, ...]]:
    kinds = get_type_hints(Settings)
    values: dict[str, Any] = {}
    problems: list[MusicAssistError] = []
    for each in fields(Settings):
        if each.name not in table:
            continue
        value = table[each.name]
        if each.name == "inputs" and isinstance(value, list):
            inputs = [_converted("inputs", one, InputSettings) for one in value]
            values["inputs"] = tuple(one for one in inputs if one is not None)
            problems += [
                _wrong("inputs", one, "That input is listened to as it comes.")
                for one, made in zip(value, inputs, strict=True)
                if made is None
            ]
            continue
        converted = _converted(each.name, value, kinds[each.name])
        if converted is None:
            default = getattr(Settings(), each.name)
            problems.append(_wrong(each.name, value, f"It is {default!r}, as it came."))
        else:
            values[each.name] = converted
    return Settings(**values), tuple(problems)


def _converted(name: str, value: object, kind: Any) -> Any:
    """Return a value of the file as the setting wants it, or None if it cannot be that."""
    try:
        converted = msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None
    return converted if _CAN_BE.get(name, _is_anything)(converted) else None


def _wrong(name: str, value: object, hint: str) -> SettingsError:
    quote = repr(value)
    if len(quote) > _LONGEST_QUOTE:
        quote = f"{quote[:_LONGEST_QUOTE]}..."
    return SettingsError(f"The setting {name} cannot be {quote}.", hint)


def _is_anything(_value: object) -> bool:
    return True


def _is_volume(value: float) -> bool:
    return math.isfinite(value) and value <= _LOUDEST_DB


_CAN_BE: Final[dict[str, Callable[[Any], bool]]] = {
    "block_frames": lambda value: 0 <= value <= 1 << 16,
    "volume_db": _is_volume,
    "room": lambda value: 0 <= value <= 1,
    "count_in_bars": lambda value: value in (0, 1, 2, 4),
    "text_percent": lambda value: 100 <= value <= 200,
    "middle_c_octave": lambda value: value in (3, 4),
}
