"""Which system package brings what is missing, for the Linux distributions people make music on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Package:
    """One package under the names it has.

    Attributes:
        debian: On Debian, Ubuntu and their kin.
        fedora: On Fedora and its kin.
        arch: On Arch and its kin.
    """

    debian: str
    fedora: str
    arch: str


# Source: packages.debian.org, packages.fedoraproject.org and archlinux.org/packages, 2026.
PORTAUDIO: Final = Package("libportaudio2", "portaudio", "portaudio")
ALSA_TO_PULSE: Final = Package("libasound2-plugins", "alsa-plugins-pulseaudio", "alsa-plugins")
JACK_OVER_PIPEWIRE: Final = Package(
    "pipewire-jack", "pipewire-jack-audio-connection-kit", "pipewire-jack"
)
GENERAL_MIDI_SOUNDS: Final = Package("fluid-soundfont-gm", "fluid-soundfont-gm", "soundfont-fluid")

SCREEN_LIBRARIES: Final = {
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libEGL.so.1": Package("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": Package("libgl1", "libglvnd-glx", "libglvnd"),
}
"""Libraries Qt loads from the system, with the package that brings each."""

_KIN: Final = {  # distribution, as os-release names it: which column, and the command
    "debian": ("debian", "sudo apt install"),
    "fedora": ("fedora", "sudo dnf install"),
    "arch": ("arch", "sudo pacman -S"),
}


def how_to_install(package: Package, root: Path = Path("/")) -> str:
    """Return what to type to install a package, or its names where the system is not known.

    Args:
        package: What is wanted.
        root: Where the file system begins; elsewhere in tests.
    """
    for kin in _family(root):
        if kin in _KIN:
            column, command = _KIN[kin]
            return f"type '{command} {getattr(package, column)}'"
    return (
        f"install {package.debian} (Debian, Ubuntu), {package.fedora} (Fedora) or "
        f"{package.arch} (Arch)"
    )


def _family(root: Path) -> list[str]:
    """Return what this Linux is, and what it is like, nearest first.

    Source: os-release(5), ID and ID_LIKE.
    """
    try:
        text = (root / "etc" / "os-release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return [
        word
        for key in ("ID", "ID_LIKE")
        for word in values.get(key, "").strip().strip("\"'").lower().split()
    ]
