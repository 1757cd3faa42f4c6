"""The whole set: which program of General MIDI plays which of our instruments."""

from collections.abc import Callable, Iterable
from typing import Final

from musicassist.audio.sounds.drums import (
    ABOVE_THE_MAP,
    BELOW_THE_MAP,
    DRUMS,
    HIGHEST_DRUM,
    HITS,
    LOWEST_DRUM,
    Drum,
    make_hit,
)
from musicassist.audio.sounds.guitar import clean_guitar, overdriven_guitar
from musicassist.audio.sounds.keys import electric_piano, organ, rock_organ
from musicassist.audio.sounds.low_and_wide import bass, pad, strings, synth_lead
from musicassist.audio.sounds.sf2_write import (
    EXCLUSIVE_CLASS,
    FILTER_CENTS,
    KEY_TO_PITCH,
    PAN,
    RELEASE,
    ROOT_KEY,
    Instrument,
    PresetEntry,
    Sample,
    Zone,
    soundfont_bytes,
    timecents,
)
from musicassist.audio.sounds.zones import brightness_steps

TITLE: Final = "MusicAssist built-in sounds"
DRUM_BANK: Final = 128

_DRUM_RATE_HZ: Final = 44_100
_DRUM_ROOT: Final = 60
_RINGS_OUT_S: Final = 60.0  # a drum does not end because its key comes up
_PAN_FULL: Final = 400  # of 500 to either side

# Programs, from 0, and who plays them: the General MIDI families, and our nearest instrument.
_FAMILIES: Final[tuple[tuple[range, Callable[[], Instrument]], ...]] = (
    (range(0, 16), electric_piano),  # pianos, chimes and mallets
    (range(16, 18), organ),
    (range(18, 19), rock_organ),
    (range(19, 24), organ),
    (range(24, 29), clean_guitar),
    (range(29, 32), overdriven_guitar),
    (range(32, 40), bass),
    (range(40, 56), strings),  # solo strings and choirs too
    (range(56, 72), synth_lead),  # brass and reeds
    (range(72, 80), organ),  # pipes
    (range(80, 88), synth_lead),
    (range(88, 104), pad),  # effects too
    (range(104, 112), clean_guitar),  # plucked instruments of the world
    (range(112, 120), electric_piano),  # bells and wood
    (range(120, 128), pad),  # noises
)


def build_sound_set() -> bytes:
    """Return the SoundFont that comes with the program; takes about 20 s."""
    made: dict[Callable[[], Instrument], Instrument] = {}
    presets = []
    for programs, make in _FAMILIES:
        instrument = made.get(make) or made.setdefault(make, make())
        presets += [PresetEntry(0, number, instrument.name, instrument) for number in programs]
    presets.append(PresetEntry(DRUM_BANK, 0, "Drum kit", drum_kit()))
    return soundfont_bytes(TITLE, presets)


def drum_kit() -> Instrument:
    """Return the drums on their keys."""
    samples = {
        name: Sample(name.capitalize(), make_hit(name, _DRUM_RATE_HZ), _DRUM_RATE_HZ, _DRUM_ROOT)
        for name in HITS
    }
    zones: list[Zone] = []
    for pitch, drum in DRUMS.items():
        zones += _drum_zones(samples[drum.hit], pitch, drum)
    # Beyond the map: something short on every key, at one pitch.
    below, above = samples[BELOW_THE_MAP.hit], samples[ABOVE_THE_MAP.hit]
    zones.append(Zone(below, (0, LOWEST_DRUM - 1), generators={KEY_TO_PITCH: 0}))
    zones.append(Zone(above, (HIGHEST_DRUM + 1, 127), generators={KEY_TO_PITCH: 0}))
    return Instrument("Drum kit", tuple(zones), {RELEASE: timecents(_RINGS_OUT_S)})


def _drum_zones(sample: Sample, pitch: int, drum: Drum) -> Iterable[Zone]:
    for velocities, cents in brightness_steps((0, 127), (2_500, 5_000, 9_000, 20_000)):
        generators = {
            FILTER_CENTS: cents,
            ROOT_KEY: pitch - drum.shift,
            PAN: round(_PAN_FULL * drum.pan),
        }
        if drum.choke:
            generators[EXCLUSIVE_CLASS] = drum.choke
        yield Zone(sample, (pitch, pitch), velocities, generators)
