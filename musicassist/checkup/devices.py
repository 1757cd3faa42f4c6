"""The list of MIDI ports, audio devices and SoundFonts of this computer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from musicassist.checkup import asking
from musicassist.checkup.asking import Failure
from musicassist.checkup.doctor import Ask
from musicassist.checkup.facts import AudioFacts, MidiFacts, MidiInput, SoundFacts, Wishes
from musicassist.checkup.plain_text import plain


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What there is; a failure says why a part of it is not known.

    Attributes:
        midi: The MIDI system and its ports.
        audio: The audio systems and their output devices.
        sound: What makes the sound.
    """

    midi: MidiFacts | Failure
    audio: AudioFacts | Failure
    sound: SoundFacts | Failure


def find_devices(wishes: Wishes, ask: Ask = asking.ask) -> DeviceReport:
    """Look for all devices.

    Args:
        wishes: What the user has chosen in the settings.
        ask: Asks the drivers; another one in tests.
    """
    return DeviceReport(
        midi=ask(MidiFacts, "The MIDI system", wishes),
        audio=ask(AudioFacts, "The audio system", wishes),
        sound=ask(SoundFacts, "The sound source", wishes),
    )


def lines_for_people(report: DeviceReport) -> list[str]:
    """Return the report as lines for a terminal."""
    return [plain(line) for line in _lines(report)]


def _lines(report: DeviceReport) -> Iterator[str]:
    yield from _midi_lines(report.midi)
    yield ""
    yield from _audio_lines(report.audio)
    yield ""
    yield from _sound_lines(report.sound)


def _midi_lines(midi: MidiFacts | Failure) -> Iterator[str]:
    if isinstance(midi, Failure):
        yield f"MIDI: {midi.what} {midi.hint}"
        return
    yield f"MIDI system: {midi.system}"
    yield "MIDI inputs:" if midi.inputs else "MIDI inputs: none"
    yield from _columns([("", each.name, _use_of(each)) for each in midi.inputs])
    yield "MIDI outputs:" if midi.outputs else "MIDI outputs: none"
    yield from _columns([("", name) for name in midi.outputs])


def _use_of(port: MidiInput) -> str:
    if port.problem:
        return port.problem
    return "left alone" if port.is_ignored else f"played as {port.controller}"


def _audio_lines(audio: AudioFacts | Failure) -> Iterator[str]:
    if isinstance(audio, Failure):
        yield f"Audio: {audio.what} {audio.hint}"
        return
    yield f"Audio systems: {', '.join(audio.systems) or 'none'}"
    yield "Audio outputs (* plays):" if audio.devices else "Audio outputs: none"
    yield from _columns(
        [
            (
                "*" if device.is_default else "",
                device.name,
                device.system,
                f"{device.sample_rate_hz} Hz",
                f"{device.n_channels} channels",
                f"{device.low_latency_ms:.1f} to {device.high_latency_ms:.1f} ms",
            )
            for device in audio.devices
        ]
    )


def _sound_lines(sound: SoundFacts | Failure) -> Iterator[str]:
    if isinstance(sound, Failure):
        yield f"Sounds: {sound.what} {sound.hint}"
        return
    yield f"Sounds: {sound.synth}"
    yield f"SoundFont player: {sound.player or 'none (install the soundfont extra)'}"
    yield "SoundFonts:" if sound.soundfonts else "SoundFonts: none"
    yield from _columns([("", Path(path).name, path) for path in sound.soundfonts])


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Return rows as lines whose columns stand below each other; the first is one sign wide."""
    if not rows:
        return
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    widths[0] = 1
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f" {'  '.join(cells)}".rstrip()


def json_for_programs(report: DeviceReport) -> str:
    """Return the report as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
