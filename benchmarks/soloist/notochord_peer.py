"""How long an event takes Notochord, as `speed.py` asks; run by a Python that has it.

    pip install "torch>=1.13" notochord

It needs nothing of ours. Weights are random, which makes no difference to time: the size is its
own default. Each event is asked for and fed back by `query_feed`, a note-on of one instrument, so
that an event is a note. Milliseconds of each go to standard output as JSON.
"""

import json
import sys
import time

import torch
from notochord import Notochord

N_WARM_UP = 8


def main() -> None:
    n_events = int(sys.argv[1])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    notochord = Notochord().eval()
    notochord.reset()
    notochord.feed(1, 60, 0.0, 90)
    times_ms = []
    for _ in range(N_WARM_UP + n_events):
        began_s = time.perf_counter()
        notochord.query_feed(next_inst=1, min_vel=1, max_time=1.0)
        times_ms.append((time.perf_counter() - began_s) * 1000)
    print(json.dumps(times_ms[N_WARM_UP:]))


if __name__ == "__main__":
    main()
