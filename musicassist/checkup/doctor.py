"""Every check in order: what works for playing here, and what to do where it does not."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol, TypeVar

import msgspec

from musicassist.checkup import asking, host, judging
from musicassist.checkup.asking import Failure
from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    Facts,
    MidiFacts,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
    Wishes,
)
from musicassist.checkup.finding import DOES_NOT_WORK, OK, Finding, State, all_works
from musicassist.checkup.plain_text import plain
from musicassist.checkup.wishes import read_wishes
from musicassist.errors import MusicAssistError
from musicassist.paths import sessions_folder, settings_file

SCREEN_LIMIT_S: Final = 10.0

_STATE_COLUMNS: Final = 17

_FactsT = TypeVar("_FactsT", bound=Facts)


class Ask(Protocol):
    """Brings facts of a kind, or says why there are none."""

    def __call__(self, kind: type[_FactsT], subject: str, wishes: Wishes, /) -> _FactsT | Failure:
        """Ask for facts; see `asking.ask`."""
        ...


def examine(check_screen: Callable[[], None], ask: Ask = asking.ask) -> Iterator[Finding]:
    """Run every check and tell what each has found, as soon as it is known.

    Args:
        check_screen: Raises a `MusicAssistError` where the window cannot open.
        ask: Asks the drivers; another one in tests.
    """
    yield host.check_python()
    wishes, problems = read_wishes()
    for problem in problems:
        yield Finding("Settings", DOES_NOT_WORK, problem.what, problem.hint)
    yield host.check_folder("Settings", settings_file().parent)
    yield host.check_folder("Sessions", sessions_folder())
    yield examine_screen(check_screen)
    yield from _examine_audio(wishes, ask)
    yield from _examine_midi(wishes, ask)
    sound = ask(SoundFacts, "The sound source", wishes)
    if isinstance(sound, Failure):
        yield _failed("Sounds", sound)
    else:
        yield from judging.judge_sound(sound)
    soloist = ask(SoloistFacts, "The soloist", wishes)
    if isinstance(soloist, Failure):
        yield _failed("Soloist", soloist)
    else:
        yield judging.judge_soloist(soloist)
    engine = ask(EngineFacts, "The sound engine", wishes)
    if isinstance(engine, Failure):
        yield _failed("Sound engine", engine)
    else:
        yield judging.judge_engine(engine)
    if sys.platform.startswith("linux"):
        yield from host.check_linux()


def examine_screen(check_screen: Callable[[], None], limit_s: float = SCREEN_LIMIT_S) -> Finding:
    """Say whether the window can open.

    Args:
        check_screen: Raises a `MusicAssistError` where it cannot; run on a thread of its own,
            because an X server far away may never answer.
        limit_s: How long to wait.
    """
    problems: list[MusicAssistError] = []

    def check() -> None:
        try:
            check_screen()
        except MusicAssistError as problem:
            problems.append(problem)

    thread = threading.Thread(target=check, name="screen check", daemon=True)
    thread.start()
    thread.join(limit_s)
    if thread.is_alive():
        return Finding(
            "Window",
            DOES_NOT_WORK,
            f"The screen has not answered for {limit_s:.0f} seconds.",
            "Check DISPLAY, or log in to a desktop.",
        )
    if not problems:
        return Finding("Window", OK, "The window can open.")
    return Finding("Window", DOES_NOT_WORK, problems[0].what, problems[0].hint)


def _examine_audio(wishes: Wishes, ask: Ask) -> Iterator[Finding]:
    audio = ask(AudioFacts, "The audio system", wishes)
    if isinstance(audio, Failure):
        yield judging.without_audio(audio.what, audio.hint)
        return
    yield judging.judge_audio(audio)
    if not audio.devices:
        return
    stream = ask(StreamFacts, "The audio device", wishes)
    yield _failed("Sound", stream) if isinstance(stream, Failure) else judging.judge_stream(stream)


def _examine_midi(wishes: Wishes, ask: Ask) -> Iterator[Finding]:
    midi = ask(MidiFacts, "The MIDI system", wishes)
    if isinstance(midi, Failure):
        yield _failed("MIDI system", midi)
    else:
        yield from judging.judge_midi(midi)


def _failed(check: str, failure: Failure) -> Finding:
    return Finding(check, DOES_NOT_WORK, failure.what, failure.hint)


def lines_for_people(finding: Finding) -> list[str]:
    """Return a finding as lines for a terminal."""
    lines = [f"{finding.state:<{_STATE_COLUMNS}}{plain(finding.what)}"]
    if finding.hint:
        lines.append(f"{'':<{_STATE_COLUMNS}}{plain(finding.hint)}")
    return lines


def summary(findings: Iterable[Finding]) -> str:
    """Return the sentence that closes the list."""
    states: list[State] = [finding.state for finding in findings]
    n_broken = states.count(DOES_NOT_WORK)
    if n_broken == 0:
        return "All that is needed works."
    return "One thing does not work." if n_broken == 1 else f"{n_broken} things do not work."


def json_for_programs(findings: Iterable[Finding]) -> str:
    """Return all findings as one JSON object."""
    findings = tuple(findings)
    report = {"works": all_works(findings), "findings": findings}
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
