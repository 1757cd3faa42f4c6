"""Chords in words: with real signs where they are drawn, spelled out where they are spoken."""

import re
from collections.abc import Callable
from typing import Final

from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
_SPOKEN: Final = {
    "major": "maj|Maj|M(?=7|9|11|13)|[Δ△^j]",
    "diminished": "dim|[o°]",
    "half diminished": "[øh]7?",
    "suspended": "sus",
    "add": "add",
    "augmented": r"aug|\+(?!\d)",
    "minor": r"min|m|-(?!\d)",
    "flat": r"b(?=\d)|♭|-(?=\d)",
    "sharp": r"#|♯|\+(?=\d)",
}
_PARTS: Final = re.compile("|".join(f"({pattern})" for pattern in _SPOKEN.values()))

_NAME_PARTS: Final = re.compile(
    "^[A-Ga-g][b#♭♯]*|/[A-G][♭♯]*|[Mm]aj|min|dim|aug|sus|add|alt|omit|no|[♭♯]?[0-9]+|."
)


def shown_chord(text: str) -> str:
    """Return a chord symbol with real flat and sharp signs."""
    text = re.sub(r"(?<=[A-G])b|b(?=\d)", "♭", text)
    return text.replace("#", "♯")


def shortened_chord(shown: str, fits: Callable[[str], bool]) -> str:
    """Return as much of a chord's name as fits, its root at least; empty where no letter does.

    It is cut between the parts of the name, so that a major seventh does not end up as a minor
    chord, nor D flat as D unless there is room for a single letter only.

    Args:
        shown: The name, as `shown_chord` returns it.
        fits: Whether there is room for some text.
    """
    if fits(shown):
        return shown
    parts = _NAME_PARTS.findall(shown)
    stems = ["".join(parts[:n_parts]).rstrip("(/") for n_parts in range(len(parts) - 1, 0, -1)]
    candidates = [f"{stem}…" for stem in stems] + [*parts[:1], shown[:1]]
    return next((each for each in candidates if fits(each)), "")


def shown_degree(text: str) -> str:
    """Return a degree with real signs: `bVII` as ♭VII, `viidim` as vii°."""
    return text.replace("b", "♭").replace("#", "♯").replace("dim", "°")


def spoken_chord(text: str) -> str:
    """Return a chord symbol as it is read aloud: `Eb7/G` as "E flat 7 over G"."""
    if text.lower() in ("nc", "n.c.", "n", ""):
        return "no chord"
    match = re.fullmatch(r"([A-Ga-g])([b#♭♯]*)(.*?)(?:/([A-G])([b#♭♯]*))?", text)
    if match is None:
        return text
    letter, signs, kind, bass, bass_signs = match.groups()
    words = tuple(_SPOKEN)
    kind = _PARTS.sub(lambda found: f" {words[(found.lastindex or 1) - 1]} ", kind)
    spoken = f"{letter.upper()}{_spoken_signs(signs)} {kind}"
    if bass:
        spoken += f" over {bass}{_spoken_signs(bass_signs)}"
    return " ".join(spoken.split())


def spoken_place(timebase: Timebase, ticks: int) -> str:
    """Return where a chord begins: "Bar 3", or "Bar 3 beat 2" within it."""
    place = timebase.position_at(ticks)
    is_on_bar = place.count == 1 and not place.ticks
    return f"Bar {place.bar}" if is_on_bar else f"Bar {place.bar} beat {place.count}"


def spoken_length(timebase: Timebase, start_ticks: int, end_ticks: int) -> str:
    """Return how long a chord stands: "one bar", "two bars", "3 beats"."""
    bar = timebase.bar_at(start_ticks)
    if timebase.bar_start_ticks(bar) == start_ticks:
        n_bars = timebase.bar_at(end_ticks) - bar
        if n_bars and timebase.bar_start_ticks(bar + n_bars) == end_ticks:
            return _counted(n_bars, "bar")
    meter = timebase.meter_at(start_ticks)
    count_ticks = meter.bar_ticks // meter.numerator
    n_counts = (end_ticks - start_ticks) / count_ticks
    if n_counts == int(n_counts):
        return _counted(int(n_counts), "beat")
    return f"{(end_ticks - start_ticks) / TICKS_PER_BEAT:.2g} quarter notes"


def _counted(number: int, word: str) -> str:
    said = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{said} {word}" if number == 1 else f"{said} {word}s"


def _spoken_signs(signs: str) -> str:
    return "".join(" flat" if sign in "b♭" else " sharp" for sign in signs)
