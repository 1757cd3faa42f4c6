"""Names of MIDI ports: how each system spells them, and what stays the same of them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

CLIENT_NAME: Final = "MusicAssist"

# Source: RtMidi 6: ALSA ports end in client and port number, WinMM's in their place in the list;
# a2jmidid writes the ALSA client number in brackets. All of these change from plug to plug.
_ALSA_NUMBERS: Final = re.compile(r" \d+:\d+$")
_WINDOWS_PLACE: Final = re.compile(r" \d+$")
_A2J_NUMBER: Final = re.compile(r"^(a2j:.*) \[\d+\]")
_TWIN_NUMBER: Final = re.compile(r" \(\d+\)$")
_OURS: Final = re.compile(rf"(^|:){CLIENT_NAME}(?!\w)")


def is_ours(name: str) -> bool:
    """Return whether a port is one of this program's own, in this or another running copy."""
    return _OURS.search(name) is not None


def are_twins(one: str, other: str) -> bool:
    """Return whether two lasting names differ in nothing but the number that tells them apart."""
    return _TWIN_NUMBER.sub("", one) == _TWIN_NUMBER.sub("", other)


def lasting_names(names: Sequence[str], *, has_places: bool) -> list[str]:
    """Return for every port a name that it still has after being plugged in again.

    Ports of one name are told apart by a number from 2 on.

    Args:
        names: As the system gives them, in its order.
        has_places: Whether every name ends in the port's place in the list, as on Windows.
    """
    seen: Counter[str] = Counter()
    lasting = []
    for name in names:
        plain = _WINDOWS_PLACE.sub("", name) if has_places else _ALSA_NUMBERS.sub("", name)
        plain = _A2J_NUMBER.sub(r"\1", plain)
        seen[plain] += 1
        lasting.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return lasting
