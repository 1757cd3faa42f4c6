"""A real engine process under test."""

import os
import queue
import subprocess
import sys
import threading
import time

import pytest

from musicassist.engine.protocol import decode, encode

PATIENCE_S = 20.0


class EngineProcess:
    """An engine process: everything it says is kept, with the moment it came."""

    def __init__(self, *options, **environment):
        self.started_s = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "musicassist.engine", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
        )
        self.events = []
        self._arrived = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._arrived.put(decode(line))

    def send(self, *commands):
        for command in commands:
            self.process.stdin.write(encode(command))
        self.process.stdin.flush()

    def wait_for(self, kind, is_wanted=lambda event: True):
        """Return the next event of a kind that is wanted; everything on the way is kept."""
        deadline_s = time.perf_counter() + PATIENCE_S
        while True:
            try:
                event = self._arrived.get(timeout=max(0.0, deadline_s - time.perf_counter()))
            except queue.Empty:
                pytest.fail(f"no {kind.__name__} came, but {self.events[-20:]}")
            self.events.append(event)
            if isinstance(event, kind) and is_wanted(event):
                return event

    def listen(self, seconds):
        """Return what comes in the next seconds."""
        deadline_s = time.perf_counter() + seconds
        heard = []
        while (left_s := deadline_s - time.perf_counter()) > 0:
            try:
                heard.append(self._arrived.get(timeout=left_s))
            except queue.Empty:
                break
        self.events += heard
        return heard

    def leave(self):
        """Hang up; return the exit code and how long the process took to leave."""
        hung_up_s = time.perf_counter()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            code = self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self._reader.join()
            self.process.stdout.close()
        return code, time.perf_counter() - hung_up_s


@pytest.fixture
def start_engine():
    engines = []

    def start(*options, **environment):
        engines.append(EngineProcess(*options, **environment))
        return engines[-1]

    yield start
    for engine in engines:
        engine.leave()
