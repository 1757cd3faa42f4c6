"""Colours that everybody can read."""

import pytest
from PySide6.QtGui import QColor

from musicassist.ui.note_colours import velocity_share
from musicassist.ui.theme import DARK, LIGHT, Theme, mix, stylesheet

THEMES = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]
READABLE = 4.5  # WCAG 2.2 AA for text
VISIBLE = 3.0  # and for what is drawn


def luminance(colour: QColor) -> float:
    """Return relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str | QColor, second: str | QColor) -> float:
    lighter, darker = sorted((luminance(QColor(first)), luminance(QColor(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["ground", "panel", "raised", "pressed"])
@pytest.mark.parametrize("token", ["text", "secondary"])
def test_text_is_readable_on_every_ground(theme: Theme, token: str, ground: str) -> None:
    assert contrast(getattr(theme, token), getattr(theme, ground)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("token", "ground"),
    [
        ("on_machine", "machine"),
        ("text", "on_working"),
        ("sounding", "raised"),
        ("sounding", "pressed"),
        ("danger", "panel"),
        ("person", "panel"),
        ("key_text", "white_key"),
    ],
)
def test_coloured_text_is_readable(theme: Theme, token: str, ground: str) -> None:
    assert contrast(getattr(theme, token), getattr(theme, ground)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", ["machine", "person", "playhead", "working", "sounding"])
@pytest.mark.parametrize("ground", ["row_in_key", "row_tonic", "row_outside", "panel"])
def test_what_is_drawn_is_seen(theme: Theme, token: str, ground: str) -> None:
    assert contrast(getattr(theme, token), getattr(theme, ground)) >= VISIBLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", ["machine", "person"])
def test_the_softest_note_is_still_seen(theme: Theme, token: str) -> None:
    softest = mix(theme.row_outside, getattr(theme, token), velocity_share(1))
    assert contrast(softest, theme.row_outside) >= 2.0


@pytest.mark.parametrize("theme", THEMES)
def test_person_and_machine_differ_in_more_than_hue(theme: Theme) -> None:
    blue, orange = QColor(theme.person), QColor(theme.machine)
    assert abs(blue.blueF() - orange.blueF()) > 0.4  # what no kind of colour vision loses


@pytest.mark.parametrize("theme", THEMES)
def test_every_token_of_the_stylesheet_is_filled_in(theme: Theme) -> None:
    sheet = stylesheet(theme)
    assert "$" not in sheet
    assert theme.machine in sheet
