"""The command line: every job the window does that makes sense without one.

Sub-commands import what they need when they run, so that each starts fast and `continue` never
loads Qt, TensorFlow or music21.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from musicassist import __version__
from musicassist.errors import ModelError, MusicAssistError, UserCancelled
from musicassist.paths import models_folder

if TYPE_CHECKING:
    from musicassist.training.progress import Report

DOES_NOT_WORK: Final = 1
USER_ERROR: Final = 2
INTERRUPTED: Final = 130
DEFAULT_MODEL: Final = "solo-gru-1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: Without the program's name; None takes them from the system.

    Returns:
        The exit code: 0; 1 when `doctor` finds something that does not work; 2 after an error the
        user can mend.
    """
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except MusicAssistError as error:
        print(f"musicassist: {error}", file=sys.stderr)
        return USER_ERROR
    except (KeyboardInterrupt, UserCancelled):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; leave without a trace of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="musicassist",
        description="Play a phrase; hear it continued as a solo. Without a command: the window.",
    )
    parser.add_argument("--version", action="version", version=f"MusicAssist {__version__}")
    parser.add_argument(
        "--fake-devices",
        action="store_true",
        help="run the window on a make-believe keyboard and sound card",
    )
    parser.add_argument("--soundfont", type=Path, metavar="FILE", help="play with this SoundFont")
    parser.add_argument(
        "--session",
        type=Path,
        metavar="FILE",
        help="go on with this session and save to it; a file that is not there yet is made",
    )
    parser.set_defaults(run=_run_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_continue(commands.add_parser("continue", help="continue a phrase in a MIDI file"))
    _add_train(commands.add_parser("train", help="train a model of your own"))
    _add_devices(commands.add_parser("devices", help="list MIDI ports and audio devices"))
    _add_doctor(commands.add_parser("doctor", help="check what works on this computer"))
    return parser


def _run_window(options: argparse.Namespace) -> int:
    from musicassist.ui.start import run_window

    return run_window(
        fake_devices=options.fake_devices,
        soundfont=options.soundfont,
        session_file=options.session,
    )


def _add_continue(parser: argparse.ArgumentParser) -> None:
    parser.description = "Continue a phrase as several solos, one MIDI file each."
    parser.add_argument("phrase", type=Path, help="a MIDI file with the phrase to continue")
    parser.add_argument("--bars", type=_between(1, 64), default=8, help="bars to play (8)")
    parser.add_argument("--takes", type=_between(1, 16), default=4, help="solos to make (4)")
    parser.add_argument(
        "--seed", type=_between(0, 2**32 - 1), default=1, help="same seed, same solos (1)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("solos"), help="folder to write to (solos)"
    )
    parser.add_argument(
        "--key", help='"Fm", "Bb major", "D dorian"; found in the phrase if not given'
    )
    parser.add_argument("--chords", help='chords a bar, from the phrase on: "Fm | Db | Eb7 | C7"')
    parser.add_argument(
        "--tempo", type=_between(20.0, 400.0), metavar="BPM", help="instead of the file's"
    )
    parser.add_argument(
        "--surprise", type=_between(0.0, 1.0), default=0.5, help="0 likely to 1 wild (0.5)"
    )
    parser.add_argument(
        "--free", action="store_true", help="allow notes outside the key and the chords"
    )
    parser.add_argument("--grid", default="1/16", help='quantize grid, "1/16", "1/8T", ... (1/16)')
    parser.add_argument(
        "--strength", type=_between(0.0, 1.0), default=0.0, help="quantize strength 0 to 1 (0)"
    )
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help=f"name or folder of a model ({DEFAULT_MODEL})"
    )
    parser.set_defaults(run=_run_continue)


def _run_continue(options: argparse.Namespace) -> int:
    from musicassist.files.export import solo_file_name, unique_path, write_solo_file
    from musicassist.files.smf_read import read_midi
    from musicassist.generation.model_store import open_soloist
    from musicassist.generation.soloist import SoloRequest
    from musicassist.music.chords import parse_progression
    from musicassist.music.keys import Key, estimate_key
    from musicassist.music.phrase import as_phrase
    from musicassist.music.quantize import grid_named, quantize
    from musicassist.music.timebase import Timebase

    grid = grid_named(options.grid)
    document = read_midi(options.phrase)
    for problem in document.problems:
        print(f"musicassist: {problem}", file=sys.stderr)
    primer, timebase = as_phrase(document.melody(), document.timebase)
    if options.tempo is not None:
        timebase = replace(timebase, tempos=Timebase.steady(options.tempo).tempos)
    key = (
        Key.parse(options.key) if options.key else document.meant_key or estimate_key(primer.notes)
    )
    request = SoloRequest(
        primer=primer,
        timebase=timebase,
        key=key,
        progression=parse_progression(options.chords, timebase) if options.chords else None,
        n_bars=options.bars,
        n_takes=options.takes,
        seed=options.seed,
        surprise=options.surprise,
        is_key_locked=not options.free,
    )
    solos = open_soloist(_model_folder(options.model)).continue_phrase(request)
    answer_timebase = timebase.from_ticks(request.answer_start_ticks)
    for number, solo in enumerate(solos, 1):
        clip = quantize(solo.clip, grid, strength=options.strength)
        name = solo_file_name(number, key, answer_timebase, options.bars)
        path = unique_path(options.out, name)
        write_solo_file(path, clip, answer_timebase, key, Path(name).stem)
        print(f"{path}  {len(clip.notes)} notes, seed {solo.seed}")
    return 0


def _model_folder(name: str) -> Path:
    """Return the folder of a model given by folder or by the name of one that came along."""
    from musicassist.generation.model_store import find_models

    for folder in (Path(name), models_folder() / name):
        if folder.is_dir():
            return folder
    shipped = [each.name for each in find_models([models_folder()])]
    raise ModelError(
        f"There is no model {name}.",
        f"Name a model's folder, or one of: {', '.join(shipped) or 'none came along'}.",
    )


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.description = "Train a model and write it as a folder that 'continue --model' takes."
    parser.add_argument(
        "sources",
        type=Path,
        nargs="+",
        metavar="SOURCE",
        help="classic: MIDI files; solo: folders of scores or Weimar Jazz Database tables",
    )
    parser.add_argument("--recipe", choices=("classic", "solo"), required=True)
    parser.add_argument("--cell", choices=("lstm", "gru"), help="classic: lstm; solo: gru")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new model")
    parser.add_argument("--title", default="", help="name shown to people")
    parser.add_argument(
        "--licence",
        action="append",
        metavar="TERMS",
        help="on what terms the sources may be used; once for all, or once for each",
    )
    parser.add_argument(
        "--seed", type=_between(0, 2**32 - 1), default=1, help="same seed, same start (1)"
    )
    parser.add_argument("--epochs", type=_between(1, 100_000), help="most rounds over the data")
    parser.add_argument(
        "--patience", type=_between(1, 100_000), help="rounds without progress before stopping"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--json", action="store_true", help="tell progress as JSON lines")
    parser.set_defaults(run=_run_train)


def _run_train(options: argparse.Namespace) -> int:
    from musicassist.training.progress import TrainingEvent, json_line, sentence

    def report(event: TrainingEvent) -> None:
        print(json_line(event) if options.json else sentence(event), flush=True)

    train = _train_classic if options.recipe == "classic" else _train_solo
    train(options, report)
    return 0


def _train_classic(options: argparse.Namespace, report: "Report") -> None:
    from musicassist.training.classic import train_classic
    from musicassist.training.classic_network import ClassicTraining

    training = ClassicTraining(cell=options.cell or "lstm", seed=options.seed)
    train_classic(
        options.sources,
        options.out,
        replace(training, **_given(options)),
        title=options.title,
        licence=", ".join(options.licence or ["not stated"]),
        resume=options.resume,
        report=report,
    )


def _train_solo(options: argparse.Namespace, report: "Report") -> None:
    from musicassist.training.solo import SoloTraining, train_solo
    from musicassist.training.solo_network import NetworkSizes

    training = SoloTraining(sizes=NetworkSizes(cell=options.cell or "gru"), seed=options.seed)
    train_solo(
        options.sources,
        options.out,
        replace(training, **_given(options)),
        title=options.title,
        licences=options.licence or ["not stated"],
        resume=options.resume,
        report=report,
    )


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings of training that the command line names."""
    settings = {"epochs": options.epochs, "patience": options.patience}
    return {name: value for name, value in settings.items() if value is not None}


def _add_devices(parser: argparse.ArgumentParser) -> None:
    parser.description = "List MIDI ports, audio devices and SoundFonts as MusicAssist sees them."
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=_run_devices)


def _run_devices(options: argparse.Namespace) -> int:
    from musicassist.checkup.devices import find_devices, json_for_programs, lines_for_people
    from musicassist.checkup.wishes import read_wishes

    report = find_devices(read_wishes()[0])
    print(json_for_programs(report) if options.json else "\n".join(lines_for_people(report)))
    return 0


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.description = "Check what works on this computer, and say what to do where it does not."
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=_run_doctor)


def _run_doctor(options: argparse.Namespace) -> int:
    from musicassist.checkup import doctor
    from musicassist.checkup.finding import all_works
    from musicassist.ui.start import check_screen

    findings = []
    for finding in doctor.examine(check_screen):
        findings.append(finding)
        if not options.json:
            print("\n".join(doctor.lines_for_people(finding)), flush=True)
    print(doctor.json_for_programs(findings) if options.json else doctor.summary(findings))
    return 0 if all_works(findings) else DOES_NOT_WORK


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line in one sentence, with a hint."""

    def error(self, message: str) -> NoReturn:
        """Leave with the exit code of errors the user can mend."""
        self.exit(USER_ERROR, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


class _between:  # noqa: N801  (reads as a function where it is used)
    """An argument type: a number within limits, of the limits' kind."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> float:
        try:
            value = type(self._low)(text)
        except ValueError:
            value = None
        if value is None or not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(
                f"{text} is not a number from {self._low} to {self._high}"
            )
        return value
