"""How much a foreign file may ask of us.

A file beyond a limit marked "refused" is not opened; past any other limit the rest is left out
and the user is told. A reader checks a limit before it allocates what the limit is about.
"""

from typing import Final

MAX_MIDI_FILE_BYTES: Final = 16 * 2**20  # refused
MAX_MIDI_EVENTS: Final = 2_000_000
MAX_VLQ_BYTES: Final = 4  # the standard's own limit: 268,435,455
MAX_SYSEX_BYTES: Final = 64 * 2**10
MAX_TEXT_BYTES: Final = 64 * 2**10

MAX_TRACKS: Final = 1_000
MAX_NOTES: Final = 200_000  # eight hours at seven notes a second; all of them in about a second
MAX_CONTROL_POINTS: Final = 300_000
MAX_TEMPO_CHANGES: Final = 10_000
MAX_METER_CHANGES: Final = 10_000
MAX_MARKERS: Final = 10_000
MAX_LENGTH_BEATS: Final = 100_000  # fourteen hours at 120 bpm
MAX_NAME_CHARACTERS: Final = 120
MAX_PROBLEMS: Final = 50
