"""Icons drawn by us."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from musicassist.ui.icons import NAMES, icon


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_leaves_ink_and_stays_inside(qapp: QApplication, name: str) -> None:
    image = icon(name, "#ffffff", "#888888", 18).pixmap(QSize(36, 36), 2.0).toImage()
    inked = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 40
    ]
    assert inked
    edge = {0, image.width() - 1}
    assert not [place for place in inked if set(place) & edge]
