"""What the computer itself allows: Python, files, memory, priorities. Nothing here can hang."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musicassist.checkup.finding import COULD_BE_BETTER, DOES_NOT_WORK, OK, Finding

OLDEST_PYTHON: Final = (3, 11)
FIRST_PYTHON_TOO_NEW: Final = (3, 13)  # the wheels of python-rtmidi end before it
LEAST_FREE_BYTES: Final = 50_000_000
ENOUGH_FREE_BYTES: Final = 500_000_000
JACK_SHARED_BYTES: Final = 128_000_000  # JACK maps 107 MB for its default of 2,048 ports

_UNLIMITED: Final = -1


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Say whether this Python is one that everything we use is made for."""
    name = ".".join(str(part) for part in version)
    if OLDEST_PYTHON <= version[:2] < FIRST_PYTHON_TOO_NEW:
        return Finding("Python", OK, f"Python {name} fits.")
    return Finding(
        "Python",
        DOES_NOT_WORK,
        f"Python {name} is not one that MusicAssist is made for.",
        "Install Python 3.11 or 3.12 and set MusicAssist up with that.",
    )


def check_folder(check: str, folder: Path) -> Finding:
    """Say whether files can be written to a folder, or it can be made."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
        n_free_bytes = shutil.disk_usage(place).free
    except OSError as problem:
        return Finding(
            check,
            DOES_NOT_WORK,
            f"Nothing can be written to {folder}: {problem.strerror or problem}.",
            "Give yourself the right to write there, or make room on that disk.",
        )
    free = f"{n_free_bytes / 1e9:.1f} GB free"
    if n_free_bytes < LEAST_FREE_BYTES:
        return Finding(
            check, DOES_NOT_WORK, f"The disk of {folder} is full ({free}).", "Make room on it."
        )
    if n_free_bytes < ENOUGH_FREE_BYTES:
        return Finding(
            check, COULD_BE_BETTER, f"The disk of {folder} is nearly full ({free}).", "Make room."
        )
    return Finding(check, OK, f"{folder} can be written to, {free}.")


def check_linux(root: Path = Path("/")) -> Iterator[Finding]:
    """Look at what decides on Linux whether sound comes in time.

    Args:
        root: Where the file system begins; elsewhere in tests.
    """
    yield _check_sound_cards(root)
    yield _check_shared_memory(root / "dev" / "shm")
    yield check_priority(*_priority_limits())
    yield from _check_governor(root)


def _check_sound_cards(root: Path) -> Finding:
    folder = root / "dev" / "snd"
    if not folder.is_dir():
        return Finding(
            "Sound cards",
            COULD_BE_BETTER,
            "This system shows no sound card and no ALSA MIDI (/dev/snd is not there).",
            "On a real computer load the drivers with 'sudo modprobe snd-seq', in a container "
            "pass /dev/snd on; JACK and network sound work without.",
        )
    closed = [
        f"/dev/snd/{device.name}"
        for device in sorted(folder.iterdir())
        if not device.is_dir() and not os.access(device, os.R_OK | os.W_OK)
    ]
    if closed:
        return Finding(
            "Sound cards",
            COULD_BE_BETTER,
            f"You may not use {closed[0]}"
            + (f" and {len(closed) - 1} more devices." if len(closed) > 1 else "."),
            "Type 'sudo usermod -aG audio $USER', log out and log in again.",
        )
    if not (folder / "seq").exists():
        return Finding(
            "Sound cards",
            COULD_BE_BETTER,
            "ALSA's MIDI is not loaded (/dev/snd/seq is not there).",
            "Type 'sudo modprobe snd-seq'; a line snd-seq in /etc/modules-load.d/midi.conf keeps "
            "it.",
        )
    return Finding("Sound cards", OK, "ALSA's devices are there and may be used.")


def _check_shared_memory(folder: Path) -> Finding:
    try:
        n_bytes = shutil.disk_usage(folder).total
    except OSError:
        n_bytes = 0
    size = f"/dev/shm has {n_bytes / 1e6:.0f} MB"
    if n_bytes >= JACK_SHARED_BYTES:
        return Finding("Shared memory", OK, f"{size}, enough for JACK.")
    return Finding(
        "Shared memory",
        COULD_BE_BETTER,
        f"{size}, and a JACK server with its default of 2,048 ports dies of less than 128.",
        "Start JACK with 'jackd -p 128', or the container with '--shm-size=256m'; without JACK "
        "it does not matter.",
    )


def check_priority(priority: int, n_locked_bytes: int) -> Finding:
    """Say whether programs of this user may run before all others.

    Args:
        priority: Highest real-time priority allowed, -1 for any.
        n_locked_bytes: Memory that may be kept from being swapped out, -1 for any.
    """
    lacking = []
    if priority == 0:
        lacking.append("may not ask for real-time priority")
    if 0 <= n_locked_bytes < 64_000_000:
        lacking.append(f"may lock {n_locked_bytes / 1e6:.0f} MB of memory only")
    if not lacking:
        return Finding("Priority", OK, "Programs of yours may run with real-time priority.")
    return Finding(
        "Priority",
        COULD_BE_BETTER,
        f"Programs of yours {' and '.join(lacking)}, so that a busy computer can make sound late.",
        "Put '@audio - rtprio 95' and '@audio - memlock unlimited' into "
        "/etc/security/limits.d/audio.conf, join the group audio, and log in again.",
    )


def _priority_limits() -> tuple[int, int]:
    import resource  # there is none on Windows

    priority, _ = resource.getrlimit(resource.RLIMIT_RTPRIO)
    n_locked_bytes, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if os.geteuid() == 0:
        return _UNLIMITED, _UNLIMITED
    return priority, n_locked_bytes


def _check_governor(root: Path) -> Iterator[Finding]:
    folder = root / "sys" / "devices" / "system" / "cpu" / "cpu0" / "cpufreq"
    try:
        governor = (folder / "scaling_governor").read_text().strip()
        driver = (folder / "scaling_driver").read_text().strip()
    except OSError:
        return  # a virtual machine: nothing to choose
    # With these drivers "powersave" only names the processor's own choice of speed.
    # Source: kernel.org, admin-guide/pm/intel_pstate and amd-pstate.
    if governor == "powersave" and not driver.startswith(("intel_pstate", "amd-pstate", "amd_ps")):
        yield Finding(
            "Processor speed",
            COULD_BE_BETTER,
            "The processor is held at its lowest speed (governor powersave).",
            "Choose the energy profile for performance while you play, or type "
            "'sudo cpupower frequency-set -g performance'.",
        )
    else:
        yield Finding("Processor speed", OK, f"The processor's speed is left free ({governor}).")
