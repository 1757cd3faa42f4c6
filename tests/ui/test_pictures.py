"""The window as it looks, compared with pictures that somebody looked at."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from scripts.screenshots import FONTS, REFERENCES

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "tests" / "golden" / "pictures"
TYPE_FACE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
SEEN = 40  # levels of 255: a pixel further off than this looks different
MOST_SEEN = 0.001  # of all pixels: rounding of another processor stays far below


def pixels(path: Path) -> NDArray[np.int16]:
    """Return a picture as int16, shape (height, width, 4)."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 4]
    return rows.reshape(image.height(), image.width(), 4).astype(np.int16)


def share_changed(first: Path, second: Path) -> float:
    """Return how much of a picture looks different in another one."""
    a, b = pixels(first), pixels(second)
    if a.shape != b.shape:
        return 1.0
    return float((np.abs(a - b).max(axis=2) > SEEN).mean())


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all pictures as they are drawn now."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the pictures are those of the offscreen platform on Linux")
    if not TYPE_FACE.exists() and not os.environ.get("CI"):
        pytest.skip("DejaVu Sans is not installed; scripts/setup window brings it")
    folder = tmp_path_factory.mktemp("pictures")
    command = [sys.executable, str(ROOT / "scripts" / "screenshots.py"), "--reference", str(folder)]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run(command, check=True, env=env, cwd=ROOT, capture_output=True)
    return folder


@pytest.mark.parametrize("name", REFERENCES)
def test_the_window_looks_as_it_was_last_looked_at(drawn: Path, name: str) -> None:
    share = share_changed(PICTURES / f"{name}.png", drawn / f"{name}.png")
    assert share <= MOST_SEEN, (
        f"{share:.2%} of {name} looks different: {drawn / name}.png. If that is right, look at it "
        f"and run: python scripts/screenshots.py --reference tests/golden/pictures {name}"
    )


def test_every_picture_kept_is_compared() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == set(REFERENCES)
    assert FONTS.exists()


def test_a_button_that_is_missing_is_seen(tmp_path: Path) -> None:
    image = QImage(str(PICTURES / "takes.png"))
    for y in range(380, 412):
        for x in range(16, 200):
            image.setPixelColor(x, y, QColor("#1b1e25"))
    image.save(str(tmp_path / "without.png"))
    assert share_changed(PICTURES / "takes.png", tmp_path / "without.png") > MOST_SEEN
