"""Make the built-in sound set anew: resources/sounds/musicassist.sf2.

Usage: .venv/bin/python scripts/build_sounds.py [FILE]    after editing musicassist/audio/sounds
"""

import sys
from pathlib import Path

from musicassist.audio.open_synth import SOUND_SET
from musicassist.audio.sounds.sound_set import build_sound_set
from musicassist.paths import resources_folder

if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else resources_folder() / "sounds" / SOUND_SET
    path.parent.mkdir(parents=True, exist_ok=True)
    content = build_sound_set()
    path.write_bytes(content)
    print(f"{path}: {len(content) / 1e6:.1f} MB")
