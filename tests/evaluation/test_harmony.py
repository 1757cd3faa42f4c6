"""How notes fit chords, chord scales and keys, and how many there are."""

import pytest

from musicassist.evaluation.harmony import chord_scale, density, harmony
from musicassist.generation.encoding import Setting
from tests.evaluation.made_up import BAR, make_line, make_passage, make_setting


def scale_over(chord: str) -> list[int]:
    setting: Setting = make_setting(chord)
    found = chord_scale(setting.chords[0], int(setting.roots[0]))
    return [int(each) for each in found.nonzero()[0]]


def test_notes_a_bar() -> None:
    two = make_passage(make_line([0, 96, 192], [60] * 3), n_bars=2)
    four = make_passage(make_line(range(0, 360, 24), [60] * 15), n_bars=4)
    assert density([two, four]).value == 3.0


def test_shares_of_chord_scale_and_key() -> None:
    # Over C7 in F: C and Bb are chord tones, D of the scale, B nothing, F# nothing.
    line = make_line([0, 12, 24, 36, 48], [60, 70, 62, 71, 66])
    found = harmony([make_passage(line, setting=make_setting("C7", "F"))])
    assert found["chord_tones"].value == pytest.approx(2 / 5)
    assert found["chord_scale"].value == pytest.approx(3 / 5)
    assert found["key_scale"].value == pytest.approx(3 / 5)


def test_notes_without_chord_or_key_do_not_count() -> None:
    line = make_line([0, BAR], [60, 61])
    setting = make_setting("NC | NC | NC | NC | NC | C7", None)
    found = harmony([make_passage(line, setting=setting)])
    assert found["chord_tones"].value == 0.0
    assert found["chord_tones"].of_passages.tolist() == [0.0]
    assert found["key_scale"].value != found["key_scale"].value  # NaN
    nothing = harmony([make_passage(line, setting=make_setting(None, "C"))])
    assert nothing["chord_scale"].value != nothing["chord_scale"].value
    assert nothing["key_scale"].value == 0.5


@pytest.mark.parametrize(
    ("chord", "scale"),
    [
        ("Cmaj7", [0, 2, 4, 5, 7, 9, 11]),
        ("C", [0, 2, 4, 5, 7, 9, 11]),
        ("C7", [0, 2, 4, 5, 7, 9, 10]),
        ("Dm7", [0, 2, 4, 5, 7, 9, 11]),
        ("Bm7b5", [0, 2, 4, 5, 7, 9, 11]),
        ("CmMaj7", [0, 2, 3, 5, 7, 9, 11]),
        ("Co7", [0, 2, 3, 5, 6, 8, 9, 11]),
        ("C+7", [0, 2, 4, 6, 8, 10]),
        ("NC", []),
    ],
)
def test_every_kind_of_chord_has_the_scale_that_is_taught(chord: str, scale: list[int]) -> None:
    assert scale_over(chord) == scale
