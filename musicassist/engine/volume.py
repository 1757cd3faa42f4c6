"""Loudness of the parts of what is heard."""

from typing import Final

from musicassist.engine.protocol import (
    DRUM_CHANNEL,
    PLAYER_CHANNEL,
    SOLO_CHANNEL,
    Part,
)
from musicassist.engine.renderer import Renderer

SILENT_DB: Final = -60.0

_LIVE: Final = 16  # channels of the live lane follow those of playback

_PLAYER_CHANNELS: Final = (PLAYER_CHANNEL, PLAYER_CHANNEL + _LIVE, DRUM_CHANNEL + _LIVE)
_SOLO_CHANNELS: Final = (SOLO_CHANNEL, SOLO_CHANNEL + _LIVE)
_CHANNELS: Final[dict[Part, tuple[int, ...]]] = {
    "player": _PLAYER_CHANNELS,
    "solo": _SOLO_CHANNELS,
    "backing": tuple(
        channel for channel in range(2 * _LIVE) if channel not in _PLAYER_CHANNELS + _SOLO_CHANNELS
    ),
}


def set_volume(renderer: Renderer, part: Part, volume_db: float) -> None:
    """Set the loudness of a part; whatever is neither played nor made is backing."""
    gain = gain_of(volume_db)
    if part == "all":
        renderer.set_gain(gain)
    elif part == "click":
        renderer.set_click_gain(gain)
    else:
        for channel in _CHANNELS[part]:
            renderer.set_channel_gain(channel, gain)


def gain_of(volume_db: float) -> float:
    """Return the factor for a volume; full scale is the most, and -60 dB or less is silence."""
    return 0.0 if not volume_db > SILENT_DB else 10.0 ** (min(0.0, volume_db) / 20.0)
