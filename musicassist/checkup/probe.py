"""The process that asks the drivers: `python -m musicassist.checkup.probe KIND WISHES`.

Prints one `Answer` as JSON. Whatever else C libraries print goes to standard error.

Thread: the process' main thread; the audio driver calls back on one of its own.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from typing import Final

import msgspec

from musicassist.checkup.asking import Answer, Failure
from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    Facts,
    MidiFacts,
    MidiInput,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
    Wishes,
)
from musicassist.errors import EngineError, MusicAssistError, NoMidiError, SoundFontError

STREAM_S: Final = 1.0
SETTLING_BLOCKS: Final = 4  # the first come as fast as they can, to fill the device's buffer
ENGINE_PROGRAM: Final = (sys.executable, "-m", "musicassist.engine")
ENGINE_LIMIT_S: Final = 15.0  # shorter than the patience of whoever asks
RATE_HZ: Final = 48_000
BLOCK_FRAMES: Final = 4096
BUSY_HINT: Final = "Switch it off in the program that holds it, or close that program."


def look_at_audio(_wishes: Wishes) -> AudioFacts:
    """List what there is to play through.

    Raises:
        NoAudioError: PortAudio is missing, or does not answer.
    """
    from musicassist.audio.survey import find_audio_devices

    return AudioFacts(*find_audio_devices())


def look_at_stream(wishes: Wishes) -> StreamFacts:
    """Play a second of silence.

    Raises:
        NoAudioError: There is no device, or it refused.
    """
    from musicassist.audio.output import find_output
    from musicassist.audio.synth import Frames

    sink = find_output(wishes.audio_device)
    blocks: list[tuple[float, float, int]] = []

    def fill(block: Frames, heard_s: float) -> None:
        """Count a block.

        Thread: PortAudio's.
        Realtime: one append.
        """
        block[:] = 0
        blocks.append((time.perf_counter(), heard_s, len(block)))

    sys.setswitchinterval(0.001)  # as the engine runs
    sink.start(fill)
    try:
        time.sleep(STREAM_S)
        n_late_blocks = sink.n_late_blocks
    finally:
        sink.close()
    return stream_facts(sink.name, sink.sample_rate_hz, blocks, n_late_blocks)


def stream_facts(
    device: str, sample_rate_hz: int, blocks: Sequence[tuple[float, float, int]], n_late_blocks: int
) -> StreamFacts:
    """Sum up a stream.

    Args:
        device: Name of the device.
        sample_rate_hz: Frames a second.
        blocks: When each block was asked for and heard, on one clock, and its frames.
        n_late_blocks: Blocks that came too late.
    """
    steady = blocks[SETTLING_BLOCKS:]
    if len(steady) < 2:
        return StreamFacts(device, sample_rate_hz, 0, 0.0, len(blocks), n_late_blocks, 0.0)
    duration_s = steady[-1][0] - steady[0][0]
    n_frames = sum(n for _, _, n in steady[:-1])
    return StreamFacts(
        device=device,
        sample_rate_hz=sample_rate_hz,
        block_frames=statistics.mode(n for _, _, n in steady),
        latency_ms=statistics.median(heard - asked for asked, heard, _ in steady) * 1000,
        n_blocks=len(blocks),
        n_late_blocks=n_late_blocks,
        speed=n_frames / sample_rate_hz / duration_s if duration_s > 0 else 0.0,
    )


def look_at_midi(_wishes: Wishes) -> MidiFacts:
    """List the MIDI ports, and open every input for a moment.

    Raises:
        NoMidiError: There is no MIDI system.
    """
    from musicassist.midi.profiles import load_profiles
    from musicassist.midi.survey import find_ports
    from musicassist.paths import controllers_folder

    profiles = load_profiles(controllers_folder())
    survey = find_ports(profiles.for_port)
    if not survey.system:
        raise NoMidiError(
            "This computer's MIDI system cannot be reached.",
            "Play on the on-screen keyboard, or start the MIDI system (ALSA or JACK).",
        )
    inputs = tuple(
        MidiInput(
            name=each.name,
            controller=each.profile,
            is_ignored=each.is_ignored,
            problem=each.problem,
            hint=BUSY_HINT if each.problem else "",
        )
        for each in survey.inputs
    )
    damaged = tuple((problem.what, problem.hint) for problem in profiles.problems)
    return MidiFacts(survey.system, inputs, survey.outputs, survey.can_be_virtual, damaged)


def look_at_sound(wishes: Wishes) -> SoundFacts:
    """Load the sounds that are wished for and play a moment of them to nobody; find SoundFonts."""
    from musicassist.audio.open_synth import open_synth
    from musicassist.audio.soundfont_synth import SoundFontSynth
    from musicassist.audio.soundfonts import find_soundfonts

    problem = hint = ""
    began_s = time.perf_counter()
    try:
        synth = open_synth(RATE_HZ, wishes.soundfont)
    except SoundFontError as error:
        problem, hint = error.what, error.hint
        synth = open_synth(RATE_HZ)
    synth.note_on(0, 60, 100)
    is_heard = bool(synth.render(BLOCK_FRAMES).any())
    return SoundFacts(
        # Our own sounds are a SoundFont, too, and only without the player not played by it.
        player=_version_of("tinysoundfont") if isinstance(synth, SoundFontSynth) else "",
        synth=synth.description,
        is_heard=is_heard,
        load_s=time.perf_counter() - began_s,
        soundfonts=tuple(str(path) for path in find_soundfonts()),
        problem=problem,
        hint=hint,
    )


def _version_of(distribution: str) -> str:
    """Return name and version of an installed package; empty when it is not there."""
    try:
        return f"{distribution} {metadata.version(distribution)}"
    except metadata.PackageNotFoundError:
        return ""


def look_at_soloist(_wishes: Wishes) -> SoloistFacts:
    """Load every model that came along.

    Raises:
        ModelError: One does not load.
    """
    began_s = time.perf_counter()
    from musicassist.generation.model_store import find_models, open_soloist
    from musicassist.paths import models_folder

    folders = find_models([models_folder()])
    for folder in folders:
        open_soloist(folder)
    return SoloistFacts(tuple(f.name for f in folders), time.perf_counter() - began_s)


def look_at_engine(
    wishes: Wishes, program: Sequence[str] = ENGINE_PROGRAM, limit_s: float = ENGINE_LIMIT_S
) -> EngineFacts:
    """Start an engine as the window does, wait until it is ready, and hang up.

    Args:
        wishes: What it plays through and with.
        program: What starts it; another one in tests.
        limit_s: How long it may take from first to last.

    Raises:
        EngineError: It left before it was ready, or was not ready in time.
    """
    from musicassist.engine.protocol import EngineReady, decode

    words = list(program)
    for option, value in (
        ("--audio-device", wishes.audio_device),
        ("--block-frames", wishes.block_frames),
        ("--soundfont", wishes.soundfont),
    ):
        if value:
            words += [option, str(value)]
    began_s = time.perf_counter()
    ready_s = 0.0
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # ours would be kept open by it, should it outlive us
    ) as engine:
        watchdog = threading.Timer(limit_s, engine.kill)
        watchdog.start()
        assert engine.stdin is not None
        assert engine.stdout is not None
        for line in engine.stdout:
            with suppress(ValueError):  # a stray print of a library
                if isinstance(decode(line), EngineReady):
                    ready_s = time.perf_counter() - began_s
                    break
        hung_up_s = time.perf_counter()
        engine.stdin.close()
        engine.stdout.read()
        code = engine.wait()
        watchdog.cancel()
        watchdog.join()
    if not ready_s:
        raise EngineError(
            f"The sound engine was not ready within {limit_s:.0f} seconds."
            if hung_up_s - began_s >= limit_s
            else f"The sound engine left with code {code} before it was ready.",
            "Choose another audio device or restart the computer, and report this if that does "
            "not help.",
        )
    return EngineFacts(ready_s, time.perf_counter() - hung_up_s, code)


PROBES: Final[dict[str, Callable[[Wishes], Facts]]] = {
    "AudioFacts": look_at_audio,
    "StreamFacts": look_at_stream,
    "MidiFacts": look_at_midi,
    "SoundFacts": look_at_sound,
    "SoloistFacts": look_at_soloist,
    "EngineFacts": look_at_engine,
}


def main(arguments: Sequence[str]) -> int:
    """Run the probe of a name and print its answer.

    Args:
        arguments: Name of the facts wanted, and the wishes as JSON.
    """
    kind, wishes = arguments
    sys.stdout.flush()
    out_fd = os.dup(1)
    os.dup2(2, 1)  # what C libraries print must not stand between the answer's braces
    try:
        facts = PROBES[kind](msgspec.json.decode(wishes, type=Wishes))
    except MusicAssistError as problem:
        answer = Answer(failure=Failure(problem.what, problem.hint))
    else:
        answer = Answer(facts=msgspec.Raw(msgspec.json.encode(facts)))
    with os.fdopen(out_fd, "wb") as out:
        out.write(msgspec.json.encode(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
