"""Progressions as text: what `parse_progression` reads, as people write it themselves."""

from itertools import pairwise
from typing import Final

from musicassist.errors import ChordSpellingError
from musicassist.music.chord_recognition import spelled
from musicassist.music.chords import ChordSymbol, Progression, parse_chord
from musicassist.music.timebase import Timebase

_HOLD: Final = "/"
_REPEAT: Final = "%"
_NO_CHORD: Final = "NC"


def progression_text(progression: Progression, timebase: Timebase) -> str:
    """Return a progression as `parse_progression` reads it back, the same in every change.

    A bar that says what the bar before says is "%", one that only holds the chord before is "/".

    Args:
        progression: The chords; the length is whole bars, and chords are as `written_chord`
            returns them.
        timebase: Where bars lie.
    """
    return " | ".join(_shortened(_bars_in_words(progression, timebase)))


def chords_in_words(progression: Progression, timebase: Timebase, answer_ticks: int) -> str:
    """Return chords for reading: every bar says its chord, a double bar line before the answer.

    Args:
        progression: The chords, from the phrase's start to the answer's end.
        timebase: Where bars lie.
        answer_ticks: Where the answer begins: a bar line.
    """
    n_bars = timebase.bar_at(max(progression.length_ticks - 1, 0)) + 1
    bar_starts = [timebase.bar_start_ticks(bar) for bar in range(n_bars)]
    restated = {start: progression.chord_at(start) or ChordSymbol(None) for start in bar_starts}
    changes = sorted((restated | dict(progression.changes)).items(), key=lambda each: each[0])
    bars = _bars_in_words(Progression(tuple(changes), timebase.bar_start_ticks(n_bars)), timebase)
    answer_bar = timebase.bar_at(answer_ticks)
    shown = _shortened(bars[:answer_bar]), _shortened(bars[answer_bar:])
    return " || ".join(" | ".join(each) for each in shown if each)


def written_chord(chord: ChordSymbol) -> ChordSymbol:
    """Return a chord spelled as one word, so that it can stand among others in a bar."""
    word = chord.text
    if word.split() == [word] and "|" not in word and not word.startswith(_HOLD):
        try:
            if parse_chord(word) == chord:
                return chord
        except ChordSpellingError:
            pass
    return ChordSymbol(None, text=_NO_CHORD) if chord.is_no_chord else parse_chord(spelled(chord))


def _bars_in_words(progression: Progression, timebase: Timebase) -> list[str]:
    bars = []
    bar, end_ticks = 0, 0
    while end_ticks < progression.length_ticks:
        start_ticks, end_ticks = end_ticks, timebase.bar_start_ticks(bar + 1)
        changes = {
            onset_ticks - start_ticks: _word(chord)
            for onset_ticks, chord in progression.changes
            if start_ticks <= onset_ticks < end_ticks
        }
        bars.append(_bar_in_words(changes, end_ticks - start_ticks))
        bar += 1
    return bars


def _bar_in_words(changes: dict[int, str], bar_ticks: int) -> str:
    """Return the chords of a bar, which share it evenly: `C / / G7` changes on the last beat.

    It has the fewest shares on which all its changes fall, rounded as `parse_progression` does.
    """
    n_shares = next(
        (
            n_shares
            for n_shares in range(max(1, len(changes)), bar_ticks)
            if all(_share_at(at_ticks, n_shares, bar_ticks) is not None for at_ticks in changes)
        ),
        bar_ticks,
    )
    words = [_HOLD] * n_shares
    for at_ticks, word in changes.items():
        share = _share_at(at_ticks, n_shares, bar_ticks)
        assert share is not None
        words[share] = word
    return " ".join(words)


def _share_at(at_ticks: int, n_shares: int, bar_ticks: int) -> int | None:
    """Return which of so many shares of a bar begins at a place; None where none does."""
    share = -(-at_ticks * n_shares // bar_ticks)
    return share if bar_ticks * share // n_shares == at_ticks else None


def _shortened(bars: list[str]) -> list[str]:
    return bars[:1] + [
        _REPEAT if bar == before and bar != _HOLD else bar for before, bar in pairwise(bars)
    ]


def _word(chord: ChordSymbol) -> str:
    return chord.text if chord.text else written_chord(chord).text
