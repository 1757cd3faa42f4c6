"""How colours look to those who see them otherwise, for tests of the theme."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

# Source: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
# Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009: the matrices of severity 1.0, for
# linear RGB.
VISIONS = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Source: IEC 61966-2-1 (sRGB): linear RGB to CIE XYZ, and its white, D65.
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ.sum(axis=1)


def delta_e(first: str, second: str, vision: str) -> float:
    """Return how far two colours are apart as somebody sees them, in CIE 1976 L*a*b*."""
    return float(np.linalg.norm(_seen(first, vision) - _seen(second, vision)))


def _seen(colour: str, vision: str) -> NDArray[np.float64]:
    parts = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    relative = _TO_XYZ @ np.clip(VISIONS[vision] @ linear, 0, 1) / _WHITE
    # Source: CIE 15, L*a*b*.
    x, y, z = np.where(
        relative > (6 / 29) ** 3, np.cbrt(relative), relative / (3 * (6 / 29) ** 2) + 4 / 29
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
