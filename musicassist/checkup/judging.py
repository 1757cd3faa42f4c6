"""What the probes' facts mean for somebody who wants to play."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    MidiFacts,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
)
from musicassist.checkup.finding import COULD_BE_BETTER, DOES_NOT_WORK, OK, Finding
from musicassist.checkup.packages import (
    ALSA_TO_PULSE,
    GENERAL_MIDI_SOUNDS,
    PORTAUDIO,
    how_to_install,
)

COMFORTABLE_LATENCY_MS: Final = 20.0  # more, and playing feels like pushing
SPEED_TOLERANCE: Final = 0.1
SLOW_START_S: Final = 3.0
SLOW_LEAVE_S: Final = 3.0


def judge_audio(facts: AudioFacts, platform: str = sys.platform) -> Finding:
    """Judge whether there is anything to play through.

    Args:
        facts: What was found.
        platform: As `sys.platform` says it.
    """
    if facts.devices:
        chosen = next((device for device in facts.devices if device.is_default), facts.devices[0])
        n_others = len(facts.devices) - 1
        others = f", and {n_others} more can be chosen" if n_others else ""
        return Finding("Audio devices", OK, f"{chosen.name} ({chosen.system}) plays{others}.")
    hint = "Connect loudspeakers or headphones, and look for them in the system's sound settings."
    if platform.startswith("linux"):
        hint = (
            "Connect loudspeakers or headphones; where PulseAudio or PipeWire makes the sound, "
            f"{how_to_install(ALSA_TO_PULSE)}."
        )
    return Finding("Audio devices", DOES_NOT_WORK, "There is nothing to play through.", hint)


def without_audio(what: str, hint: str) -> Finding:
    """Say what to do where the audio library is missing or says nothing.

    Args:
        what: What the audio package said.
        hint: What it advises.
    """
    if "PortAudio is missing" in what:
        hint = f"To install it, {how_to_install(PORTAUDIO)}."
    return Finding("Audio devices", DOES_NOT_WORK, what, hint)


def judge_stream(facts: StreamFacts, platform: str = sys.platform) -> Finding:
    """Judge how a device ran.

    Args:
        facts: What was measured.
        platform: As `sys.platform` says it.
    """
    check = "Sound"
    if facts.n_blocks == 0 or facts.speed == 0:
        return Finding(
            check,
            DOES_NOT_WORK,
            f"{facts.device} opens but never asks for sound.",
            "Restart the sound server or the computer, or choose another audio device.",
        )
    figures = (
        f"{facts.sample_rate_hz} Hz, blocks of {facts.block_frames} frames, "
        f"{facts.latency_ms:.1f} ms"
    )
    if abs(facts.speed - 1) > SPEED_TOLERANCE:
        return Finding(
            check,
            DOES_NOT_WORK,
            f"{facts.device} runs at {facts.speed:.2f} times its speed ({figures}).",
            "Choose another audio device; this one keeps no time.",
        )
    if facts.n_late_blocks:
        return Finding(
            check,
            COULD_BE_BETTER,
            f"{facts.device} runs, but {facts.n_late_blocks} of {facts.n_blocks} blocks came late "
            f"({figures}).",
            "Close what keeps the computer busy, or choose a larger block in the sound settings.",
        )
    if facts.latency_ms > COMFORTABLE_LATENCY_MS:
        return Finding(
            check,
            COULD_BE_BETTER,
            f"{facts.device} runs, but a key is heard late ({figures}).",
            _how_to_be_faster(platform),
        )
    return Finding(check, OK, f"{facts.device} runs: {figures}, no block late.")


def _how_to_be_faster(platform: str) -> str:
    if platform.startswith("linux"):
        return "Choose a smaller block, or play through JACK or PipeWire instead of PulseAudio."
    if platform == "win32":
        return "Choose the device's WASAPI entry and a smaller block, and no Bluetooth headphones."
    return "Choose a smaller block, and no Bluetooth headphones."


def judge_midi(facts: MidiFacts, platform: str = sys.platform) -> Iterator[Finding]:
    """Judge the MIDI system and each of its inputs.

    Args:
        facts: What was found.
        platform: As `sys.platform` says it.
    """
    yield Finding("MIDI system", OK, f"{facts.system or 'The MIDI system'} answers.")
    if not facts.inputs:
        yield Finding(
            "MIDI inputs",
            COULD_BE_BETTER,
            "No MIDI keyboard is connected.",
            "Connect one at any time, it is found by itself; the on-screen keyboard plays "
            "meanwhile.",
        )
    for each in facts.inputs:
        if each.problem:
            yield Finding("MIDI inputs", DOES_NOT_WORK, each.problem, each.hint)
        elif each.is_ignored:
            yield Finding(
                "MIDI inputs", OK, f"{each.name} is left alone: no notes come from that port."
            )
        else:
            profile = f", played as {each.controller}" if each.controller else ""
            yield Finding("MIDI inputs", OK, f"{each.name} opens{profile}.")
    for what, hint in facts.damaged_profiles:
        yield Finding("Controllers", DOES_NOT_WORK, what, hint)
    if facts.outputs or facts.can_be_virtual:
        names = ", ".join(facts.outputs) or "a port of our own"
        yield Finding("MIDI outputs", OK, f"It can be played to {names}.")
    elif platform == "win32":
        yield Finding(
            "MIDI outputs",
            COULD_BE_BETTER,
            "Windows lets no program offer a MIDI port, so your DAW cannot listen to ours.",
            "Install loopMIDI, add a port there, and choose it here and in your DAW.",
        )


def judge_sound(facts: SoundFacts, platform: str = sys.platform) -> Iterator[Finding]:
    """Judge what makes the sound.

    Args:
        facts: What was found.
        platform: As `sys.platform` says it.
    """
    if not facts.is_heard:
        yield Finding(
            "Sounds",
            DOES_NOT_WORK,
            f"A note struck with {facts.synth} makes no sound.",
            "Choose another SoundFont, or reinstall MusicAssist if these are its own sounds.",
        )
    else:
        yield Finding("Sounds", OK, f"{facts.synth}: ready in {facts.load_s:.1f} s.")
    if facts.problem:
        yield Finding("SoundFonts", DOES_NOT_WORK, facts.problem, facts.hint)
    if not facts.player:
        yield Finding(
            "SoundFonts",
            COULD_BE_BETTER,
            "SoundFonts cannot be played: the player tinysoundfont is not there, or does not load.",
            "Install MusicAssist with its soundfont extra; the built-in sounds play meanwhile.",
        )
    elif not facts.soundfonts:
        yield Finding(
            "SoundFonts",
            OK,
            f"{facts.player} can play any SoundFont; this computer has none, and the built-in "
            "sounds need none.",
            f"For a General MIDI set, {how_to_install(GENERAL_MIDI_SOUNDS)}."
            if platform.startswith("linux")
            else "",
        )
    else:
        names = ", ".join(Path(path).name for path in facts.soundfonts)
        yield Finding("SoundFonts", OK, f"{facts.player} can play {names}.")


def judge_soloist(facts: SoloistFacts) -> Finding:
    """Judge whether anything can make solos."""
    if facts.models:
        names = ", ".join(facts.models)
        return Finding("Soloist", OK, f"{names} loads in {facts.load_s:.1f} s.")
    return Finding(
        "Soloist",
        DOES_NOT_WORK,
        "No model came along, so that nothing can continue a phrase.",
        "Reinstall MusicAssist, or train a model of your own with 'musicassist train'.",
    )


def judge_engine(facts: EngineFacts) -> Finding:
    """Judge how the engine process comes and goes."""
    figures = f"ready after {facts.ready_s:.1f} s, gone after {facts.leave_s:.1f} s"
    if facts.exit_code != 0:
        return Finding(
            "Sound engine",
            DOES_NOT_WORK,
            f"The sound engine starts, but ends with code {facts.exit_code} ({figures}).",
            "Please report this; what is played is kept all the same.",
        )
    if facts.ready_s > SLOW_START_S or facts.leave_s > SLOW_LEAVE_S:
        return Finding(
            "Sound engine",
            COULD_BE_BETTER,
            f"The sound engine is slow: {figures}.",
            "Close what keeps the computer busy; a virus scanner that reads along slows it too.",
        )
    return Finding("Sound engine", OK, f"The sound engine works: {figures}.")
