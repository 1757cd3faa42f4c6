"""How long a soloist takes, note by note, on the machine at hand."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from musicassist.errors import UserCancelled
from musicassist.evaluation.statistics import Share
from musicassist.generation.soloist import Soloist, SoloRequest

N_REQUESTS: Final = 12
N_NOTES: Final = 64
TAKES: Final = (4, 16)
_BARS: Final = 64  # room for all the notes


def speed(
    soloist: Soloist,
    requests: Sequence[SoloRequest],
    pieces: Sequence[int],
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Share]:
    """Return milliseconds to the first note, for 64 notes of 4 and 16 takes, and a note's p99.

    A soloist asks at every note whether to stop; the times of its asking are the times of its
    notes, all takes moving on together.

    Args:
        soloist: Who plays.
        requests: What to answer; each is timed once for every number of takes.
        pieces: The piece each request was cut from.
        clock: Tells seconds; another one in tests.
    """
    _times_ms(soloist, requests[0], 1, clock)  # the first answer of all warms up
    alone = [_times_ms(soloist, request, 1, clock) for request in requests]
    waits = [np.diff(times[1:]) for times in alone]
    found = {
        "first_note": Share.mean(
            [times[1] if len(times) > 1 else np.nan for times in alone], pieces
        ),
        "note_p99": Share.mean(
            [np.percentile(each, 99) if len(each) else np.nan for each in waits], pieces
        ),
    }
    for n_takes in TAKES:
        whole = [_times_ms(soloist, request, n_takes, clock)[-1] for request in requests]
        found[f"{N_NOTES}_notes_{n_takes}_takes"] = Share.mean(whole, pieces)
    return found


def _times_ms(
    soloist: Soloist, request: SoloRequest, n_takes: int, clock: Callable[[], float]
) -> list[float]:
    """Return when each note was begun, and at last when the 64th was done, from the call on."""
    times_s = [clock()]

    def should_stop() -> bool:
        times_s.append(clock())
        return len(times_s) > N_NOTES + 1

    try:
        soloist.continue_phrase(replace(request, n_bars=_BARS, n_takes=n_takes), should_stop)
    except UserCancelled:
        pass
    else:
        times_s.append(clock())
    # The call itself comes first; the time of the first asking is when the primer was heard.
    return [(each - times_s[0]) * 1000 for each in (times_s[0], *times_s[2:])]
