import pytest

from musicassist.midi.names import is_ours, lasting_names


@pytest.mark.parametrize(
    "name",
    [
        "MusicAssist",
        "MusicAssist:MusicAssist",
        "MusicAssist in:in",
        "MusicAssist-01:MusicAssist",
        "MusicAssist:MusicAssist 129:0",
        "a2j:MusicAssist [129] (capture): MusicAssist",
        "MusicAssist 1",
    ],
)
def test_our_own_ports_are_known_in_every_spelling(name):
    assert is_ours(name)


@pytest.mark.parametrize("name", ["V49", "MusicAssistant:out", "My MusicAssist", ""])
def test_other_ports_are_not_ours(name):
    assert not is_ours(name)


def test_numbers_that_change_from_plug_to_plug_are_left_out():
    assert lasting_names(
        ["V49:V49 MIDI 1 20:0", "a2j:V49 [20] (capture): V49 MIDI 1", "V49 Out"],
        has_places=False,
    ) == ["V49:V49 MIDI 1", "a2j:V49 (capture): V49 MIDI 1", "V49 Out"]
    assert lasting_names(["V49 0", "MIDIIN2 (V49) 1"], has_places=True) == ["V49", "MIDIIN2 (V49)"]


def test_ports_of_one_name_are_told_apart():
    assert lasting_names(["V49 0", "V49 1", "V49 2"], has_places=True) == [
        "V49",
        "V49 (2)",
        "V49 (3)",
    ]
