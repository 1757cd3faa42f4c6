"""What may stand on the command line."""

from argparse import ArgumentTypeError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.app.arguments import bar_range, between, pitch, share_or_free


@given(st.integers(1, 999), st.integers(0, 99))
def test_bars_are_read_as_people_count(first: int, more: int) -> None:
    assert bar_range(f"{first}-{first + more}") == (first - 1, more + 1)
    assert bar_range(f" {first}–{first + more}") == (first - 1, more + 1)
    assert bar_range(str(first)) == (first - 1, 1)


@pytest.mark.parametrize("text", ["", "0", "0-3", "6-5", "5-", "-5", "5-6-7", "five", "٥"])
def test_what_is_no_range_of_bars_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="range of bars"):
        bar_range(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("C3", 60),
        ("c3", 60),
        ("C-2", 0),
        ("G8", 127),
        ("E2", 52),
        ("Bb4", 82),
        ("F#1", 42),
        ("64", 64),
    ],
)
def test_notes_are_read_with_middle_c_as_c3(text: str, number: int) -> None:
    assert pitch(text) == number


@pytest.mark.parametrize("text", ["", "H3", "C", "128", "-1", "G#8", "C-3", "3.5", "C33", "²"])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="nor a note"):
        pitch(text)


@given(st.integers(0, 100))
def test_a_share_is_said_in_percent(percent: int) -> None:
    assert share_or_free(str(percent)) == percent / 100


def test_free_is_no_share() -> None:
    assert share_or_free("free") is share_or_free("FREE") is None


@pytest.mark.parametrize("text", ["", "101", "-1", "nan", "inf", "much"])
def test_what_is_neither_share_nor_free_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"0 to 100 nor “free”"):
        share_or_free(text)


def test_a_number_within_limits_is_of_their_kind() -> None:
    assert between(1, 5)("3") == 3
    assert isinstance(between(1, 5)("3"), int)
    for text in ("3.5", "6", "x"):
        with pytest.raises(ArgumentTypeError, match="1 to 5"):
            between(1, 5)(text)
