from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import InputError, OutputError
from musicassist.midi.controllers import (
    CONTINUOUS_ACTIONS,
    TRIGGER_ACTIONS,
    Control,
    ControllerProfile,
)
from musicassist.midi.profiles import (
    LARGEST_BYTES,
    forget_profile,
    load_profiles,
    profile_file,
    save_profile,
)

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=20)
notes = st.integers(0, 127)
channels = st.none() | st.integers(0, 15)
controls = st.one_of(
    st.builds(
        Control, st.just("knob"), st.integers(0, 119), st.sampled_from(CONTINUOUS_ACTIONS), channels
    ),
    st.builds(
        Control,
        st.sampled_from(("toggle", "momentary")),
        st.integers(0, 119),
        st.sampled_from(TRIGGER_ACTIONS),
        channels,
    ),
    st.builds(Control, st.just("pad"), notes, st.sampled_from(TRIGGER_ACTIONS), channels),
)
profiles = st.builds(
    ControllerProfile,
    name=texts.filter(str.strip),
    ports=st.lists(texts, min_size=1, max_size=3).map(tuple),
    except_ports=st.lists(texts, max_size=2).map(tuple),
    ignored_ports=st.lists(texts, max_size=2).map(tuple),
    key_channel=st.integers(0, 15),
    n_keys=st.integers(0, 128),
    lowest_key=notes,
    pad_channel=st.integers(0, 15),
    pads=st.lists(notes, unique=True, max_size=8).map(
        lambda each: ((*each[:2],), *((note,) for note in each[2:])) if each else ()
    ),
    has_pad_lights=st.booleans(),
    controls=st.lists(controls, max_size=5).map(tuple),
)


def v49(profiles):
    return next(each for each in profiles.all if each.name == "Alesis V49")


def test_the_packaged_profiles_are_whole():
    packaged = load_profiles()
    assert [each.name for each in packaged.all] == ["Alesis V49", "Generic"]
    assert packaged.problems == ()
    assert (v49(packaged).n_keys, v49(packaged).lowest_key) == (49, 36)
    assert len(v49(packaged).pads) == 8
    assert len(v49(packaged).controls) == 8


@given(profile=profiles)
def test_a_profile_saved_is_read_back_as_it_was(tmp_path_factory, profile):
    folder = tmp_path_factory.mktemp("controllers")
    save_profile(profile, folder)
    own = load_profiles(folder)
    assert own.problems == ()
    assert profile in own.all


def test_what_was_learnt_goes_before_what_came_with_the_program_until_forgotten(tmp_path):
    folder = tmp_path / "not" / "there yet"
    packaged = load_profiles(folder)
    learnt = Control("knob", 30, "tempo")
    save_profile(v49(packaged).with_control(learnt), folder)
    own = load_profiles(folder)
    assert learnt in own.for_port("V49").controls
    assert len(own.all) == len(packaged.all)
    assert own.is_learnt(own.for_port("V49"), learnt)
    assert not own.is_learnt(own.for_port("V49"), Control("knob", 20, "surprise"))
    forget_profile("Alesis V49", folder)
    assert load_profiles(folder) == packaged


def test_a_file_of_any_name_is_forgotten_with_its_profile(tmp_path):
    save_profile(v49(load_profiles()), tmp_path).rename(tmp_path / "mine.toml")
    forget_profile("Alesis V49", tmp_path)
    assert list(tmp_path.iterdir()) == []
    forget_profile("Alesis V49", tmp_path)


def test_a_profile_for_one_unknown_keyboard_goes_before_the_generic_one(tmp_path):
    generic = load_profiles().all[-1]
    learnt = Control("toggle", 20, "record")
    save_profile(generic.for_port("Odd keys").with_control(learnt), tmp_path)
    own = load_profiles(tmp_path)
    assert own.for_port("Odd keys").controls == (learnt,)
    assert own.is_learnt(own.for_port("Odd keys"), learnt)
    assert own.for_port("Other keys").controls == ()


def test_names_become_plain_file_names(tmp_path):
    assert profile_file("Alesis V49", tmp_path) == tmp_path / "alesis-v49.toml"
    assert profile_file("../../etc/passwd", tmp_path) == tmp_path / "etc-passwd.toml"
    assert profile_file("♭", tmp_path) == tmp_path / "controller.toml"


GOOD = """name = "Alesis V49"

[ports]
match = ["*V49*"]

[pads]
notes = [36, 37]

[[controls]]
cc = 20
kind = "knob"
action = "swing"

[[controls]]
cc = 21
action = "tempo"
"""


@pytest.mark.parametrize(
    ("good", "bad", "line", "word"),
    [
        ('"Alesis V49"', '"Alesis V49', 1, "TOML"),
        ("cc = 21", "cc = = 21", 15, "TOML"),
        ('name = "Alesis V49"', "name = 49", 1, "name"),
        ('name = "Alesis V49"', "", 1, "name"),
        ('match = ["*V49*"]', "match = []", 4, "ports"),
        ('match = ["*V49*"]', "match = [49]", 4, "match"),
        ("notes = [36, 37]", "notes = [36, 128]", 7, "notes"),
        ("notes = [36, 37]", "notes = [36, [36]]", 7, "twice"),
        ("notes = [36, 37]", "notes = [[]]", 7, "notes"),
        ("notes = [36, 37]", "colour = 1", 7, "colour"),
        ("[pads]", "[knobs]", 6, "knobs"),
        ("cc = 20", "cc = 120", 10, "0 to 119"),
        ("cc = 20", "cc = true", 10, "whole number"),
        ('kind = "knob"', 'kind = "lever"', 11, "kind"),
        ('kind = "knob"', "channel = 17", 11, "channel"),
        ('action = "swing"', 'action = "explode"', 12, "explode"),
        ('action = "swing"', 'action = "record"', 12, "record"),
        ("cc = 21", "cc = 21\nnote = 36", 14, "either"),
        ("cc = 21", "", 14, "either"),
        ("cc = 21", "cc = 21\nlight = 1", 16, "light"),
    ],
)
def test_a_damaged_file_is_told_of_with_its_line_and_the_packaged_one_used(
    tmp_path, good, bad, line, word
):
    assert good in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(good, bad, 1), "utf-8")
    own = load_profiles(tmp_path)
    [problem] = own.problems
    assert isinstance(problem, InputError)
    assert f"line {line} of {path}" in problem.what
    assert word in problem.what
    assert own.all == load_profiles().all


def test_the_file_the_damages_are_made_of_is_good(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD, "utf-8")
    own = load_profiles(tmp_path)
    assert own.problems == ()
    assert [control.action for control in own.for_port("V49").controls] == ["swing", "tempo"]


def test_files_that_are_no_text_or_too_large_or_no_files_are_told_of(tmp_path):
    (tmp_path / "a.toml").write_bytes(b'name = "x"\n\xff\xfe')
    (tmp_path / "b.toml").write_bytes(b"#" * (LARGEST_BYTES + 1))
    (tmp_path / "c.toml").mkdir()
    (tmp_path / "d.toml").write_text("a = " + "[" * 30_000, "utf-8")
    problems = load_profiles(tmp_path).problems
    assert [problem.what.split(str(tmp_path))[1][1:7] for problem in problems] == [
        "a.toml",
        "b.toml",
        "c.toml",
        "d.toml",
    ]
    assert "line 2" in problems[0].what


@given(content=st.binary(max_size=200))
def test_no_file_upsets_the_reader(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("controllers")
    (folder / "mine.toml").write_bytes(content)
    own = load_profiles(folder)
    assert len(own.problems) + len(own.all) == 3
    assert own.all[-1].name == "Generic"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OutputError, match="cannot be kept"):
        save_profile(v49(load_profiles()), tmp_path / "file")


def test_an_own_generic_profile_stays_the_last(tmp_path):
    generic = replace(load_profiles().all[-1], n_keys=88)
    save_profile(generic, tmp_path)
    assert load_profiles(tmp_path).all[-1] == generic
