import os
import subprocess
import sys

import pytest

from musicassist.engine.priority import ask_for_priority

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has priority classes instead")


def test_where_the_right_is_missing_nothing_happens(monkeypatch):
    asked = []

    def refuse(which, who, niceness):
        asked.append((which, who, niceness))
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    ask_for_priority()
    assert asked == [(os.PRIO_PROCESS, 0, -10)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs the right")
def test_with_the_right_the_process_comes_first():
    code = "import os; from musicassist.engine.priority import ask_for_priority as ask; "
    code += "before = os.nice(0); ask(); print(before, os.nice(0))"
    words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = map(int, words.stdout.split())
    if after == before:
        pytest.skip("a container may keep the right from root")
    assert after == -10
