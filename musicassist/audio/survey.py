"""What there is to play through: audio systems and their outputs, as PortAudio lists them."""

from dataclasses import dataclass

from musicassist.errors import NoAudioError


@dataclass(frozen=True, slots=True)
class AudioDevice:
    """An output device.

    Attributes:
        name: As the system says it (foreign text).
        system: The audio system it belongs to, such as "ALSA" or "Windows WASAPI".
        sample_rate_hz: What it runs at unless asked otherwise.
        n_channels: Most output channels.
        low_latency_ms: The least it promises to work with.
        high_latency_ms: What it works with when nobody plays live.
        is_default: Whether it is the one that plays when none is chosen.
    """

    name: str
    system: str
    sample_rate_hz: int
    n_channels: int
    low_latency_ms: float
    high_latency_ms: float
    is_default: bool = False


def find_audio_devices() -> tuple[tuple[str, ...], tuple[AudioDevice, ...]]:
    """Return the names of all audio systems, and every device that sound can be played through.

    Raises:
        NoAudioError: PortAudio is not installed, or does not answer.
    """
    from musicassist.audio.output import find_output  # says so where PortAudio is missing

    import sounddevice  # isort: skip

    try:
        chosen = find_output().name
    except NoAudioError:
        chosen = ""
    try:
        systems = sounddevice.query_hostapis()
        devices = sounddevice.query_devices()
    except sounddevice.PortAudioError as problem:
        raise NoAudioError(
            "The sound library PortAudio cannot list the audio devices.",
            "Start the sound server again, or restart the computer.",
        ) from problem
    defaults = {int(system["default_output_device"]) for system in systems}
    found = [
        AudioDevice(
            name=str(device["name"]),
            system=str(systems[device["hostapi"]]["name"]),
            sample_rate_hz=round(device["default_samplerate"]),
            n_channels=int(device["max_output_channels"]),
            low_latency_ms=float(device["default_low_output_latency"]) * 1000,
            high_latency_ms=float(device["default_high_output_latency"]) * 1000,
            is_default=device["name"] == chosen and int(device["index"]) in defaults,
        )
        for device in devices
        if device["max_output_channels"] > 0
    ]
    return tuple(str(system["name"]) for system in systems), tuple(found)
