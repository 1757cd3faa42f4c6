"""`musicassist continue`: from a phrase in a file to solos in files.

Loads no Qt, and nothing heavy before it runs.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musicassist.app.arguments import bar_range, between, pitch, share_or_free
from musicassist.errors import InputError

if TYPE_CHECKING:
    from musicassist.generation.characters import Character
    from musicassist.generation.soloist import Soloist, SoloRequest
    from musicassist.music.clip import Clip
    from musicassist.music.keys import Key
    from musicassist.music.solo import Solo
    from musicassist.music.timebase import Timebase

_GIVEN: Final = "as given"
_IN_FILE: Final = "as the file says"
_FOUND: Final = "found in the phrase"
_QUALITIES: Final = {
    "density": "how many notes",
    "register": "how high",
    "span": "how far from the lowest to the highest note",
    "leaps": "leaps rather than steps",
    "rhythmic_variety": "how varied the rhythm",
    "chord_tones": "how close to the chords",
    "repetition": "how often figures return",
    "swing": "how late the second eighth comes",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may stand after `musicassist continue`."""
    parser.description = "Continue a phrase as several solos, one MIDI file each."
    parser.add_argument(
        "phrase", type=Path, help="a MIDI or MusicXML file with the phrase to continue"
    )
    parser.add_argument("--bars", type=between(1, 64), default=8, help="bars to play (8)")
    parser.add_argument("--takes", type=between(1, 16), default=4, help="solos to make (4)")
    parser.add_argument(
        "--seed", type=between(0, 2**32 - 1), default=1, help="same seed, same solos (1)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("solos"), help="folder to write to (solos)"
    )
    parser.add_argument(
        "--key", help='"Fm", "Bb major", "D dorian"; found in the phrase if not given'
    )
    parser.add_argument("--chords", help='chords a bar, from the phrase on: "Fm | Db | Eb7 | C7"')
    parser.add_argument(
        "--tempo", type=between(20.0, 400.0), metavar="BPM", help="instead of the file's"
    )
    playing = "Qualities go from 0 (least) to 100 (most), or are “free”: left to the model."
    _add_playing(parser.add_argument_group("how it plays", playing))
    reworking = "Bars and length are those of the solo named; give --key and --chords again."
    _add_reworking(parser.add_argument_group("reworking a solo made before", reworking))
    parser.add_argument("--grid", default="1/16", help='quantize grid, "1/16", "1/8T", ... (1/16)')
    parser.add_argument(
        "--strength", type=between(0.0, 1.0), default=0.0, help="quantize strength 0 to 1 (0)"
    )


def _add_playing(group: Any) -> None:
    group.add_argument(
        "--character", metavar="NAME", help="a way of playing to start from; else as the phrase is"
    )
    group.add_argument(
        "--list-characters", action=_ListCharacters, help="tell about the characters, and leave"
    )
    group.add_argument(
        "--surprise", type=between(0.0, 1.0), help="0 likely to 1 wild (0.5, or the character's)"
    )
    for quality, meaning in _QUALITIES.items():
        group.add_argument(
            f"--{quality.replace('_', '-')}",
            type=share_or_free,
            default=argparse.SUPPRESS,
            metavar="0-100",
            help=f"{meaning} (free, or the character's)",
        )
    group.add_argument(
        "--leap", type=between(1, 48), metavar="SEMITONES", help="widest step between notes (16)"
    )
    group.add_argument(
        "--range",
        type=pitch,
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="lowest and highest note, E2 A5 or 52 93; C3 is middle C (36 96)",
    )
    group.add_argument(
        "--pickup",
        action="store_true",
        help="it may begin before its first bar line, which adds a bar to the file; with --from "
        "or --vary: the first bar of that file is such a bar",
    )
    locks = group.add_mutually_exclusive_group()
    locks.add_argument(
        "--free", action="store_true", help="allow notes outside the key and the chords"
    )
    locks.add_argument("--in-key", action="store_true", help="allow none, whatever the character")


def _add_reworking(group: Any) -> None:
    group.add_argument(
        "--regenerate", type=bar_range, metavar="BARS", help="make these bars anew: 5-6; see --from"
    )
    group.add_argument(
        "--from", dest="solo", type=Path, metavar="SOLO", help="the solo whose bars are made anew"
    )
    group.add_argument("--vary", type=Path, metavar="SOLO", help="make variations of this solo")
    group.add_argument(
        "--nearness",
        type=between(0.0, 1.0),
        metavar="0-1",
        help="how close variations stay, 0 far to 1 near (0.5)",
    )


class _ListCharacters(argparse.Action):
    """Prints every character's card and ends the program, phrase or not."""

    def __init__(self, option_strings: Sequence[str], dest: str, **named: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **named)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(character_cards() + "\n")
        parser.exit()


def character_cards() -> str:
    """Return what people should know of every character."""
    from musicassist.generation.characters import all_characters

    return "\n\n".join(each.card for each in all_characters())


def run(
    options: argparse.Namespace,
    soloist: "Callable[[], Soloist]",
    warn: Callable[[str], None],
    tell: Callable[[str], None],
) -> Iterator[str]:
    """Make the solos and write them; give a line for each.

    Args:
        options: What `add_arguments` read.
        soloist: Opens the model; asked only once everything else is known to be right.
        warn: Told what was wrong with a file that could be read nevertheless.
        tell: Told what the soloist heard, and how to get more of it.

    Raises:
        MusicAssistError: Something named cannot be used, or a file cannot be written.
        UserCancelled: The soloist was stopped.
    """
    from musicassist.files.export import solo_file_name, unique_path, write_solo_file
    from musicassist.music.quantize import grid_named
    from musicassist.music.session import Session, Timing
    from musicassist.music.solo import on_bar_lines

    _check_reworking(options)
    grid_name = grid_named(options.grid).name
    order = _order_of(options, warn)
    player = soloist()
    order, key = _heard_by(player, order)
    request = order.request
    answer_ticks = request.answer_start_ticks
    answer_timebase = request.timebase.from_ticks(answer_ticks)
    session = Session(timebase=answer_timebase, timing=Timing(grid_name, options.strength))
    for number, solo in enumerate(_solos_of(options, order, player), 1):
        clip = session.timed_solo(solo)
        clip, timebase = on_bar_lines(clip, solo.pickup_ticks, request.timebase, answer_ticks)
        n_bars = timebase.bar_at(clip.length_ticks)
        name = solo_file_name(number, key, answer_timebase, n_bars)
        path = unique_path(options.out, name)
        write_solo_file(path, clip, timebase, key, Path(name).stem)
        if number == 1:
            tell(_heard_in_words(order, key))
        bars = "1 bar" if n_bars == 1 else f"{n_bars} bars"
        yield f"{path}  {len(clip.notes)} notes in {bars}, seed {solo.seed}"
    if request.surprise > 0:  # without it a take may be what it is for the others beside it
        tell(
            "The same again: --takes 1 --seed SEED. Others: another --seed."
            " More like one: --vary FILE."
        )


@dataclass(frozen=True, slots=True)
class _Order:
    """What is asked, as it follows from the files.

    Attributes:
        request: What is wished of a fresh answer.
        key_from: Where the key comes from, in words.
        chords_from: The same for the chords, if there are any.
        solo: What is reworked; None for nothing.
    """

    request: "SoloRequest"
    key_from: str
    chords_from: str
    solo: "Solo | None"


def _check_reworking(options: argparse.Namespace) -> None:
    if options.regenerate and options.vary:
        raise InputError("--regenerate and --vary are two jobs.", "Do one after the other.")
    if bool(options.regenerate) != bool(options.solo):
        raise InputError(
            "--regenerate and --from belong together.",
            "Write --regenerate 5-6 --from solo.mid.",
        )
    if options.nearness is not None and not options.vary:
        raise InputError("--nearness is of use with --vary only.", "Write --vary solo.mid.")


def _order_of(options: argparse.Namespace, warn: Callable[[str], None]) -> _Order:
    from musicassist.app.music_file import read_music
    from musicassist.generation.characters import character_named
    from musicassist.music.chords import parse_progression
    from musicassist.music.keys import Key
    from musicassist.music.timebase import Timebase

    character = character_named(options.character) if options.character is not None else None
    music = read_music(options.phrase)
    for problem in music.problems:
        warn(problem)
    primer, timebase = music.phrase, music.timebase
    if options.tempo is not None:
        timebase = replace(timebase, tempos=Timebase.steady(options.tempo).tempos)
    key = Key.parse(options.key) if options.key else music.key
    key_from = _GIVEN if options.key else _IN_FILE
    progression, chords_from = music.progression, _IN_FILE
    if options.chords:
        progression, chords_from = parse_progression(options.chords, timebase), _GIVEN
    request = _wished(options, character, primer, timebase, key)
    request = replace(request, progression=progression)
    path = options.solo or options.vary
    solo = _solo_in(path, request, options.pickup, warn) if path is not None else None
    return _Order(request, key_from, chords_from, solo)


def _heard_by(soloist: "Soloist", order: _Order) -> "tuple[_Order, Key]":
    """Return an order with the key and chords that its soloist finds in the phrase, and that key.

    They are found here, so that they can be told; the soloist would find the same. Where bars are
    made anew, it finds the chords itself, for it hears more than the phrase.
    """
    from musicassist.generation.solo import SoloSoloist, harmony_for
    from musicassist.music.keys import estimate_key

    request = order.request
    key = request.key
    if isinstance(soloist, SoloSoloist):
        harmony = harmony_for(request)
        key = harmony.key
        if request.progression is None and order.solo is None:
            order = replace(order, chords_from=_FOUND)
            request = replace(request, progression=harmony.progression)
    if key is None:
        key = estimate_key(request.primer.notes)
    if request.key is None:
        order = replace(order, key_from=_FOUND)
    return replace(order, request=replace(request, key=key)), key


def _heard_in_words(order: _Order, key: "Key") -> str:
    """Return what is played over, and how it is known."""
    from musicassist.music.chord_text import chords_in_words

    request = order.request
    kept = request.kept_key(key)
    played = f", with the notes of {kept.name}" if kept != key else ""
    heard = f"Played in {key.name} ({order.key_from}){played}"
    if request.progression is None or not request.progression.changes:
        return heard
    progression = request.progression.looped_to(request.answer_end_ticks)
    chords = chords_in_words(progression, request.timebase, request.answer_start_ticks)
    return f"{heard}; chords {chords} ({order.chords_from})"


def _wished(
    options: argparse.Namespace,
    character: "Character | None",
    primer: "Clip",
    timebase: "Timebase",
    key: "Key | None",
) -> "SoloRequest":
    """Return what is wished: what the command line says, then the character, then the usual."""
    from musicassist.generation.characters import settled_by, wishes_of
    from musicassist.generation.soloist import SoloRequest
    from musicassist.music.manner import Manner

    request = SoloRequest(
        primer,
        timebase,
        key,
        n_bars=options.bars,
        n_takes=options.takes,
        seed=options.seed,
        has_pickup=options.pickup,
    )
    if character is not None:
        request = replace(request, **settled_by(character), **wishes_of(character))
    given = {name: value for name, value in vars(options).items() if name in _QUALITIES}
    lowest_pitch, highest_pitch = options.range or (request.lowest_pitch, request.highest_pitch)
    if highest_pitch - lowest_pitch < 12:
        raise InputError("That range is less than an octave.", "Give --range 12 semitones or more.")
    is_key_locked = options.in_key or (request.is_key_locked and not options.free)
    manner: Manner = replace(request.manner, **given)
    return replace(
        request,
        manner=manner,
        surprise=request.surprise if options.surprise is None else options.surprise,
        furthest_leap=request.furthest_leap if options.leap is None else options.leap,
        lowest_pitch=lowest_pitch,
        highest_pitch=highest_pitch,
        is_key_locked=is_key_locked,
    )


def _solo_in(
    path: Path, request: "SoloRequest", has_pickup: bool, warn: Callable[[str], None]
) -> "Solo":
    """Read a solo made before; its bars stand from the answer's first bar line on.

    Raises:
        InputError: It is no such file, or does not fit the phrase.
    """
    from musicassist.files.smf_read import read_midi
    from musicassist.generation.soloist import MOST_BARS
    from musicassist.music.solo import LONGEST_PICKUP_TICKS, Solo

    document = read_midi(path)
    for problem in document.problems:
        warn(problem)
    clip = document.melody()
    if len(document.tracks) == 1:  # with its last bars, though they be empty
        clip = replace(
            clip, length_ticks=max(clip.length_ticks, document.tracks[0].clip.length_ticks)
        )
    answer_ticks = request.answer_start_ticks
    meter = request.timebase.meter_at(answer_ticks - 1 if has_pickup else answer_ticks)
    own = document.timebase.meters[0]
    if (meter.numerator, meter.denominator) != (own.numerator, own.denominator):
        raise InputError(
            f"{path.name} is in {own.numerator}/{own.denominator}, but the phrase goes on in "
            f"{meter.numerator}/{meter.denominator}.",
            "Name a solo that answers this phrase.",
        )
    pickup_ticks = 0
    if has_pickup:
        pickup_ticks = own.bar_ticks - clip.notes[0].onset_ticks
        if not 0 < pickup_ticks <= LONGEST_PICKUP_TICKS:
            raise InputError(
                f"{path.name} does not begin with a pickup of a beat or less.",
                "Leave --pickup out.",
            )
        clip = clip.between(own.bar_ticks - pickup_ticks, clip.length_ticks)
    n_bars = request.timebase.bar_at(answer_ticks + clip.length_ticks - pickup_ticks - 1)
    if n_bars - request.timebase.bar_at(answer_ticks) >= MOST_BARS:
        raise InputError(f"{path.name} has more than {MOST_BARS} bars.", "Name a shorter solo.")
    return Solo(clip, "", request.seed, request.primer, {}, pickup_ticks)


def _solos_of(options: argparse.Namespace, order: _Order, soloist: "Soloist") -> "tuple[Solo, ...]":
    from musicassist.generation.regeneration import BarRange, n_bars_of, regenerated, varied

    request, solo = order.request, order.solo
    if solo is None:
        return soloist.continue_phrase(request)
    if options.vary:
        nearness = 0.5 if options.nearness is None else options.nearness
        return varied(solo, request, nearness, soloist)
    first_bar, n_bars = options.regenerate
    n_there = n_bars_of(solo, request.timebase)
    if first_bar + n_bars > n_there:
        raise InputError(
            f"{options.solo.name} has {n_there} bars.", f"Name bars from 1 to {n_there}."
        )
    bars = BarRange(first_bar, n_bars)
    wishes = (replace(request, seed=request.seed_of(row)) for row in range(request.n_takes))
    return tuple(replace(regenerated(solo, each, bars, soloist), seed=each.seed) for each in wishes)
