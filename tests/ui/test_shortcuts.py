"""Which keys do what."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence

from musicassist.ui.shortcuts import COMMANDS, Keymap

KEYS = st.sampled_from(["Space", "Ctrl+L", "F5", "Ctrl+Z", "Q", "Alt+Up", "Ctrl+Alt+P"])
STEPS = st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), KEYS), max_size=8)


def test_commands_come_with_their_keys() -> None:
    keymap = Keymap()
    assert keymap.keys_of("record") == ("F9", "R")
    assert keymap.shown("theme") == ""
    assert keymap.command_at(QKeySequence("Space")) == "play"
    assert keymap.command_at(QKeySequence()) is None


def test_a_key_is_taken_from_whoever_had_it() -> None:
    keymap = Keymap()
    assert keymap.bind("loop", QKeySequence("R")) == "record"
    assert keymap.keys_of("loop") == ("R",)
    assert keymap.keys_of("record") == ("F9",)
    assert keymap.bind("loop", QKeySequence("R")) is None
    keymap.reset("record")
    assert keymap.keys_of("record") == ("F9", "R")
    assert keymap.keys_of("loop") == ()
    keymap.reset()
    assert keymap.own == {}


def test_keys_of_the_user_are_read_as_far_as_they_mean_something() -> None:
    keymap = Keymap({"play": ("P", "P", "no such key"), "no such command": ("X",)})
    assert keymap.keys_of("play") == ("P",)
    assert keymap.own == {"play": ("P",)}


@given(STEPS)
def test_no_key_ever_does_two_things_in_one_place(steps: list[tuple[str, str]]) -> None:
    keymap = Keymap()
    for name, key in steps:
        keymap.bind(name, QKeySequence(key))
        assert keymap.command_at(QKeySequence(key), COMMANDS[name].scope) == name
    given_out = [(COMMANDS[name].scope, key) for name in COMMANDS for key in keymap.keys_of(name)]
    assert len(given_out) == len(set(given_out))
    assert {name: keymap.keys_of(name) for name in keymap.own} == keymap.own


@given(STEPS, st.sampled_from(sorted(COMMANDS)))
def test_after_giving_keys_back_no_key_does_two_things(
    steps: list[tuple[str, str]], name: str
) -> None:
    keymap = Keymap()
    for each, key in steps:
        keymap.bind(each, QKeySequence(key))
    keymap.reset(name)
    given_out = [(COMMANDS[each].scope, key) for each in COMMANDS for key in keymap.keys_of(each)]
    assert len(given_out) == len(set(given_out))


def test_the_keys_commands_come_with_stand_as_qt_writes_them() -> None:
    for name, command in COMMANDS.items():
        written = tuple(QKeySequence(key).toString() for key in command.keys)
        assert command.keys == written, name


def test_settings_give_no_key_to_two_commands_of_one_place() -> None:
    keymap = Keymap({"record": ["Ctrl+L"], "tap": ["F5", "Ctrl+L"], "notes_join": ["Ctrl+L"]})
    assert keymap.keys_of("record") == ("Ctrl+L",)
    assert keymap.keys_of("tap") == ("F5",)
    assert keymap.keys_of("loop") == ()  # it came with that key
    assert keymap.keys_of("notes_join") == ("Ctrl+L",)
    assert keymap.own == {"record": ("Ctrl+L",), "tap": ("F5",), "notes_join": ("Ctrl+L",)}
