"""Which chords lie under what sounds: a small model of keys and of chords in them.

A conditional random field over stretches of music (beats, half bars or bars). Its states are 96
chords, eight kinds on twelve roots, in each of 24 keys. What sounds speaks for chords and keys, a
key likes some chords better than others, and chords follow each other as they do in real tunes
(`harmony_tables`). The answer is not the one likeliest path, which follows every passing note, but
the one that agrees best with all paths, each counted as likely as it is.

Everything is worked out with the tonic moved to C, so that a transposed phrase gets exactly the
transposed chords.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.harmony_tables import (
    BAR_LINE,
    CHANGE,
    CHORD_IN_KEY,
    FAMILIES,
    FIRST_IN_KEY,
    KINDS,
    LAST_IN_KEY,
    MODES,
    NOTE_IN_KEY,
    NOTE_OVER_CHORD,
    PRESENCE_IN_KEY,
    SHARE_IN_KEY,
)
from musicassist.music.chords import ChordSymbol, parse_chord
from musicassist.music.keys import Key

BAR_LINE_NATS: Final = -BAR_LINE / 100
UNFIXED: Final = -1

_N_KINDS: Final = len(KINDS)
_N_CHORDS: Final = 12 * _N_KINDS
_ROOTS: Final = np.repeat(np.arange(12), _N_KINDS)
_KINDS_OF: Final = np.tile(np.arange(_N_KINDS), 12)
_FAMILIES_OF: Final = np.array(FAMILIES)[_KINDS_OF]
_STEPS: Final = (_ROOTS[None, :] - _ROOTS[:, None]) % 12

# More notes say more, but less than in proportion: they are not independent witnesses.
_GROWTH: Final = 0.5
# A melody says little and passes through foreign notes; it is judged by what was learned from
# melodies. So many beats in one stretch are no melody any more but all parts of a score: these
# hold the chord itself, and are judged by how much of them it explains.
_MOST_OF_MELODY_BEATS: Final = 4.0
_FULL_TEXTURE_BEATS: Final = 8.0
_FULL_TEXTURE_WEIGHT: Final = 2.5
_FOREIGN_SHARE: Final = 0.1  # of the notes of a full texture that are not of its chord
_MOST_KEY_EVIDENCE: Final = 20.0  # eight bars of melody; longer ones leave the key to the chords
_BASS_NATS: Final = 2.0
_FIXED_NATS: Final = 60.0  # a chord that was heard: no melody speaks against it
_KEYS_HEARD: Final = 6  # keys less likely than this many others have no say
# What it is worth to name the root, two thirds of the notes, the very chord; and to stay.
_ROOT_WORTH, _NOTES_WORTH, _CHORD_WORTH, _STAY_WORTH = 1.0, 1.0, 0.5, 0.15

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a piece of music.

    Attributes:
        key: Its key.
        roots: Pitch class of the root of each stretch; int64, shape (n,).
        kinds: Index into `harmony_tables.KINDS` of each; int64, shape (n,).
    """

    key: Key
    roots: Ints
    kinds: Ints

    def states(self) -> list[int]:
        """Return the chords as numbers, see `state_of`."""
        states: list[int] = (self.roots * _N_KINDS + self.kinds).tolist()
        return states

    def symbols(self) -> list[ChordSymbol]:
        """Return the chords, spelled in the key."""
        return [
            chord_on(int(root), KINDS[kind], self.key)
            for root, kind in zip(self.roots, self.kinds, strict=True)
        ]


def likely_chords(
    weights: Floats,
    key: Key | None,
    *,
    bass_weights: Floats | None = None,
    change_nats: Floats | None = None,
) -> list[ChordSymbol]:
    """Return a plausible chord for each stretch of music.

    A melody leaves much of the word to the key and to the neighbours; all parts of a score
    together decide nearly alone.

    Args:
        weights: How long each pitch class sounds in each stretch, in beats, all voices added up
            (accented ones may count more); float, shape (n, 12).
        key: The key, or None to find the likeliest major or minor one.
        bass_weights: The same of the lowest voice alone, if there is one.
        change_nats: What a change of chord costs before each stretch beyond the usual; float,
            shape (n,). `BAR_LINE_NATS` is right at bar lines.

    Returns:
        n chords, spelled in the key.
    """
    if not len(weights):
        return []
    return read_harmony(weights, key, bass_weights=bass_weights, change_nats=change_nats).symbols()


def read_harmony(
    weights: Floats,
    key: Key | None,
    *,
    bass_weights: Floats | None = None,
    change_nats: Floats | None = None,
    fixed: Ints | None = None,
    ends: tuple[int, int] | None = None,
) -> Reading:
    """Return key and chords of at least one stretch of music; see `likely_chords`.

    Args:
        weights: As there.
        key: As there.
        bass_weights: As there.
        change_nats: As there.
        fixed: Root * kinds + kind of chords that are known, else `UNFIXED`; int64, shape (n,).
        ends: Pitch classes of the first and the last note of a phrase: they speak for a key.
    """
    n = len(weights)
    weights = np.asarray(weights, np.float64)
    nats = _note_nats(weights)
    if bass_weights is not None:
        nats += _BASS_NATS * _shares(np.asarray(bass_weights, np.float64))[:, :, None]
    if fixed is not None:
        at = np.flatnonzero(fixed != UNFIXED)
        nats[at, fixed[at] // _N_KINDS, fixed[at] % _N_KINDS] += _FIXED_NATS
    ease = np.exp(-(np.zeros(n) if change_nats is None else np.asarray(change_nats)))
    tonics = np.arange(12).repeat(2) if key is None else np.array([key.tonic])
    modes = np.tile([0, 1], 12) if key is None else np.array([int(key.is_minor)])
    likelihoods, chords = _chords_in_keys(nats, ease, tonics, modes)
    likelihoods += _key_nats(_evidence(weights).sum(axis=0), ends, tonics, modes)
    last = 0 if ends is None else ends[1]
    order = np.lexsort((modes, (tonics - last) % 12, -np.round(likelihoods, 6)))
    best = order[0]
    heard = order[:_KEYS_HEARD]
    shares = np.exp(likelihoods[heard] - likelihoods[best])
    moves = (tonics[heard] - tonics[best]) % 12
    likely = sum(
        share * np.roll(chords[index], move, axis=1)
        for share, index, move in zip(shares / shares.sum(), heard, moves, strict=True)
    )
    path = _most_agreeable_path(np.reshape(likely, (n, _N_CHORDS)), ease)
    if key is None:
        key = Key(int(tonics[best]), "minor" if modes[best] else "major")
    return Reading(key, (_ROOTS[path] + key.tonic) % 12, _KINDS_OF[path])


def state_of(symbol: ChordSymbol, kind: int) -> int:
    """Return the number of a chord: its root and the index of a kind."""
    if symbol.root is None:
        return UNFIXED
    return symbol.root * _N_KINDS + kind


def chord_on(root: int, kind: str, key: Key) -> ChordSymbol:
    """Return a chord of a kind such as `m7`, its root spelled in a key."""
    return parse_chord(key.name_of(root) + kind)


def _evidence(weights: Floats) -> Floats:
    evidence: Floats = _shares(weights) * weights.sum(axis=1, keepdims=True) ** _GROWTH
    return evidence


def _note_nats(weights: Floats) -> Floats:
    """Return how much the notes speak for each chord; shape (n, 12, kinds)."""
    over, explained, _, _ = _tables()
    evidence = _evidence(weights)
    fullness = (weights.sum(axis=1, keepdims=True) - _MOST_OF_MELODY_BEATS) / (
        _FULL_TEXTURE_BEATS - _MOST_OF_MELODY_BEATS
    )
    fullness = np.clip(fullness, 0, 1)
    nats = ((1 - fullness) * evidence) @ over.T
    nats += (_FULL_TEXTURE_WEIGHT * fullness * evidence) @ explained.T
    by_root: Floats = nats.reshape(-1, 12, _N_KINDS)
    return by_root


def _shares(weights: Floats) -> Floats:
    shares: Floats = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return shares


def _chords_in_keys(
    note_nats: Floats, ease: Floats, tonics: Ints, modes: Ints
) -> tuple[Floats, Floats]:
    """Return how likely each key is, and in each the chords of each stretch.

    Source: the forward-backward algorithm, scaled to sums of one at every step.

    Returns:
        Log likelihoods, shape (keys,), and probabilities with each tonic moved to C, shape (keys,
        n, 12, kinds).
    """
    _, _, liked, changes = _tables()
    moved = np.stack([np.roll(note_nats, -tonic, axis=1) for tonic in tonics])
    nats = moved.reshape(len(tonics), -1, _N_CHORDS) + liked[modes][:, None]
    peaks = nats.max(axis=2, keepdims=True)
    fits = np.exp(nats - peaks).transpose(1, 0, 2)
    n, n_keys, _ = fits.shape
    ahead = np.empty_like(fits)
    sums = np.empty((n, n_keys, 1))
    reached = fits[0]
    for step in range(n):
        if step:
            came = ahead[step - 1]
            reached = (came + ease[step] * (came @ changes)) * fits[step]
        sums[step] = reached.sum(axis=1, keepdims=True)
        ahead[step] = reached / sums[step]
    chords = np.empty_like(fits)
    behind = np.ones((n_keys, _N_CHORDS))
    for step in range(n - 1, -1, -1):
        chords[step] = ahead[step] * behind
        there = behind * fits[step] / sums[step]
        behind = there + ease[step] * (there @ changes.T)
    likelihoods = np.log(sums).sum(axis=(0, 2)) + peaks.sum(axis=(1, 2))
    return likelihoods, chords.transpose(1, 0, 2).reshape(n_keys, n, 12, _N_KINDS)


def _key_nats(evidence: Floats, ends: tuple[int, int] | None, tonics: Ints, modes: Ints) -> Floats:
    """Return how much the notes of the whole music speak for each key; shape (keys,)."""
    evidence = evidence * min(1.0, _MOST_KEY_EVIDENCE / max(float(evidence.sum()), 1e-9))
    rolled = np.stack([np.roll(evidence, -tonic) for tonic in tonics])
    said = [
        (rolled, NOTE_IN_KEY),
        (_shares(rolled), SHARE_IN_KEY),
        (rolled > 1e-9, PRESENCE_IN_KEY),
    ]
    nats: Floats = np.array(MODES, np.float64)[modes]
    for amounts, table in said:
        nats += (amounts * np.array(table)[modes]).sum(axis=1)
    for note, table in zip(ends or (), (FIRST_IN_KEY, LAST_IN_KEY), strict=False):
        nats += np.array(table)[modes, (note - tonics) % 12]
    nats /= 100
    return nats


def _most_agreeable_path(likely: Floats, ease: Floats) -> Ints:
    """Return the path that names most of what is likely, in whole numbers so that ties are ties."""
    worth = np.rint(likely @ _agreement() * 1e6).astype(np.int64)
    n = len(worth)
    stay = np.arange(_N_CHORDS)
    came_from = np.empty((n, _N_CHORDS), np.int64)
    leaving = np.rint(_STAY_WORTH * 1e6 * np.where(ease > 1, 1, 2)).astype(np.int64)
    best = worth[0]
    for step in range(1, n):
        top = int(best.argmax())
        leap = best[top] - leaving[step]
        came_from[step] = np.where(best >= leap, stay, top)
        best = np.maximum(best, leap) + worth[step]
    path = np.empty(n, np.int64)
    path[-1] = best.argmax()
    for step in range(n - 1, 0, -1):
        path[step - 1] = came_from[step, path[step]]
    return path


@cache
def _tables() -> tuple[Floats, Floats, Floats, Floats]:
    """Return melody over chords, full textures explained by them, chords in keys, and changes.

    Returns:
        Nats, shape (chords, 12) twice and (2, chords), and factors, shape (chords, chords).
    """
    intervals = (np.arange(12)[None, :] - _ROOTS[:, None]) % 12
    over = np.array(NOTE_OVER_CHORD)[_KINDS_OF[:, None], intervals] / 100
    members = _members()
    sizes = members.sum(axis=1, keepdims=True)
    explained = np.log(
        np.where(members, (1 - _FOREIGN_SHARE) / sizes, _FOREIGN_SHARE / (12 - sizes))
    )
    liked = np.array(CHORD_IN_KEY).transpose(0, 2, 1).reshape(2, _N_CHORDS) / 100
    table = np.array(CHANGE)[_FAMILIES_OF[:, None], _FAMILIES_OF[None, :], _STEPS] / 100
    changes = np.exp(table)
    np.fill_diagonal(changes, 0)
    return over, explained, liked, changes


@cache
def _members() -> Floats:
    """Return the notes of each chord as ones among zeros; shape (chords, 12)."""
    members = np.zeros((_N_CHORDS, 12))
    for index in range(_N_CHORDS):
        symbol = chord_on(int(_ROOTS[index]), KINDS[_KINDS_OF[index]], Key(0))
        members[index, sorted(symbol.pitch_classes)] = 1
    return members


@cache
def _agreement() -> Floats:
    """Return what it is worth to say one chord where another is; shape (chords, chords)."""
    notes = _members()
    sizes = notes.sum(axis=1)
    shared = (notes @ notes.T) / np.maximum(sizes[:, None], sizes[None, :])
    worth: Floats = _ROOT_WORTH * (_STEPS == 0) + _CHORD_WORTH * np.eye(_N_CHORDS)
    worth += _NOTES_WORTH * (shared >= 2 / 3 - 1e-9)
    return worth
