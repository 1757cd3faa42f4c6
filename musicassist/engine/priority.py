"""Coming first when the computer is busy, as far as the system lets a program ask for it."""

import os
import sys
from contextlib import suppress
from typing import Final

_NICENESS: Final = -10
_HIGH_PRIORITY_CLASS: Final = 0x0080


def ask_for_priority() -> None:
    """Let this process come before a training or a drawing window; without the right, nothing.

    Source: setpriority(2); Microsoft, SetPriorityClass.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _HIGH_PRIORITY_CLASS)
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
