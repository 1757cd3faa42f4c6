"""Loudness of the parts of what is heard."""

from typing import Final

from musicassist.engine.protocol import (
    BASS_CHANNEL,
    CHORDS_CHANNEL,
    DRUM_CHANNEL,
    PLAYER_CHANNEL,
    SOLO_CHANNEL,
    Part,
)
from musicassist.engine.renderer import Renderer
from musicassist.music.mix import SILENT_DB

_LIVE: Final = 16  # channels of the live lane follow those of playback

_CHANNELS: Final[dict[Part, tuple[int, ...]]] = {
    "player": tuple(range(_LIVE, 2 * _LIVE)),
    "phrase": (PLAYER_CHANNEL,),
    "solo": (SOLO_CHANNEL,),
    "chords": (CHORDS_CHANNEL,),
    "bass": (BASS_CHANNEL,),
    "drums": (DRUM_CHANNEL,),
}


def set_volume(renderer: Renderer, part: Part, volume_db: float) -> None:
    """Set the loudness of a part."""
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
