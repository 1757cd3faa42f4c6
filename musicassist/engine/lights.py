"""Which keys are lit: down for somebody."""

from collections.abc import Hashable


class LitKeys:
    """Keeps who holds which key; a key goes dark when the last one lets go.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        self._holders: dict[int, set[Hashable]] = {}

    def press(self, pitch: int, holder: Hashable) -> None:
        """Take note that somebody holds a key."""
        self._holders.setdefault(pitch, set()).add(holder)

    def let_go(self, pitch: int, holder: Hashable) -> bool:
        """Take note that somebody lets go of a key; return whether nobody holds it any more."""
        holders = self._holders.get(pitch)
        if holders is None:
            return True
        holders.discard(holder)
        if not holders:
            del self._holders[pitch]
        return not holders

    def clear(self) -> None:
        """Regard every key as let go."""
        self._holders.clear()
