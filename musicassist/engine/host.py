"""The engine process: from the command line to the main loop, and out again."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SWITCH_INTERVAL_S: Final = 0.001


def run_engine(arguments: Sequence[str] | None = None) -> int:
    """Be the engine process until told to leave or the window has gone; return the exit code.

    Args:
        arguments: Words of the command line; None for this process' own.

    Thread: the process' main thread, which becomes the main loop.
    """
    options = _parser().parse_args(arguments)
    # Ctrl+C in a terminal reaches the window too; the window decides, and hanging up ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Another thread holding the interpreter may delay an audio block by this long at most.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its worker threads serve nothing here

    # Imported late: standard output must be ours before any C library writes to it.
    from musicassist.engine.connection import Connection
    from musicassist.engine.priority import ask_for_priority

    connection = Connection.over_stdio()
    # Dying of a signal without leaving JACK would stop everybody's sound for half a minute.
    signal.signal(signal.SIGTERM, lambda *_: connection.hang_up())
    if hasattr(signal, "SIGHUP"):  # the terminal was closed; Windows has none
        signal.signal(signal.SIGHUP, lambda *_: connection.hang_up())
    ask_for_priority()

    from musicassist.engine.devices import find_devices, find_fake_devices
    from musicassist.engine.engine import Engine
    from musicassist.engine.protocol import EngineTrouble, ShutDown

    devices = (
        find_fake_devices(options.soundfont)
        if options.fake_devices
        else find_devices(options.soundfont, options.audio_device, options.block_frames)
    )
    engine = Engine(
        devices,
        connection.send,
        controllers_folder=options.controllers,
        session_file=options.session,
    )
    is_orderly = False
    try:
        engine.start()
        gc.collect()
        gc.freeze()  # what lives now lives to the end: later collections pass it by
        while not isinstance(message := connection.next_command(engine.step_s), ShutDown):
            if isinstance(message, EngineTrouble):
                connection.send(message)
            elif message is not None:
                engine.obey(message)
            engine.step()
        is_orderly = not connection.has_hung_up
    finally:
        engine.close(is_orderly=is_orderly)
        connection.close()
    # The interpreter ends in its own time: a client that leaves JACK without PortAudio's farewell
    # stalls everybody's sound for five seconds.
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="musicassist engine",
        description="Be the sound engine of a window: commands on standard input, events on "
        "standard output, one JSON message a line.",
    )
    parser.add_argument("--fake-devices", action="store_true", help="need no hardware")
    parser.add_argument("--soundfont", default="", metavar="FILE", help="play with its sounds")
    parser.add_argument("--audio-device", default="", metavar="NAME", help="play through it")
    parser.add_argument(
        "--block-frames",
        type=int,
        default=0,
        metavar="N",
        help="let it ask for so many frames at a time (0: as many as it likes)",
    )
    parser.add_argument(
        "--session", type=Path, metavar="FILE", help="keep what is played in this session file"
    )
    parser.add_argument(
        "--controllers", type=Path, metavar="FOLDER", help="the user's own controller profiles"
    )
    return parser
