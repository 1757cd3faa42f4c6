"""The runtime that plays the networks writes nothing of its own and tells nobody."""

import os
import subprocess
import sys
from pathlib import Path

PLAY = """
from musicassist.cli import DEFAULT_MODEL
from musicassist.generation.model_store import open_soloist
from musicassist.paths import models_folder
open_soloist(models_folder() / DEFAULT_MODEL)
"""


def test_opening_a_model_leaves_no_file_in_the_home(tmp_path: Path) -> None:
    # Under CI the runtime keeps quiet by itself, and this would prove nothing.
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "TF_BUILD")}
    kept = {name: value for name, value in kept.items() if not name.startswith(("XDG_", "ORT_"))}
    homes = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", PLAY], check=True, env=kept | homes)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
