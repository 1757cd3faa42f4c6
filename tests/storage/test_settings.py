"""Settings and their file."""

import os
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist import paths
from musicassist.errors import OutputError, SettingsError
from musicassist.music.playing import CurveKind, InputSettings, VelocityCurve
from musicassist.storage.settings import Settings, load_settings, save_settings

NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
VOLUMES = st.floats(-200, 12)
POINTS = st.dictionaries(st.integers(1, 127), st.integers(1, 127), min_size=1, max_size=4)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "audio_device": NAMES,
    "block_frames": st.integers(0, 8192),
    "soundfont": NAMES,
    "inputs": st.lists(
        st.builds(
            InputSettings,
            NAMES,
            st.booleans(),
            st.builds(
                VelocityCurve,
                st.sampled_from(get_args(CurveKind)),
                st.integers(1, 127),
                POINTS.map(lambda points: tuple(sorted(points.items()))),
            ),
            st.integers(-4, 4),
            st.integers(-12, 12),
        ),
        max_size=3,
    ).map(tuple),
    "midi_output": NAMES,
    "is_output_virtual": st.booleans(),
    "sends_live": st.booleans(),
    "volume_db": VOLUMES,
    "room": st.floats(0, 1),
    "is_metronome_on": st.booleans(),
    "is_accented": st.booleans(),
    "count_in_bars": st.sampled_from((0, 1, 2, 4)),
    "theme": st.sampled_from(("dark", "light", "system")),
    "text_percent": st.integers(100, 200),
    "middle_c_octave": st.sampled_from((3, 4)),
    "lanes": st.dictionaries(NAMES, st.integers(0, 200), max_size=3),
    "roll_switches": st.dictionaries(NAMES, st.booleans(), max_size=3),
    "keys": st.dictionaries(NAMES, st.lists(NAMES, max_size=2).map(tuple), max_size=3),
    "window_place": NAMES,
    "window_layout": NAMES,
    "left_heights_px": st.lists(st.integers(0, 4000), max_size=3).map(tuple),
    "is_window_room_shared": st.booleans(),
    "folder": NAMES,
    "has_seen_tour": st.booleans(),
}
OTHERS = Settings(audio_device="Speakers", volume_db=-9.5, inputs=(InputSettings("V49"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "settings.toml"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@given(settings=st.builds(Settings, **FIELDS))
def test_all_settings_come_back_as_they_were(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    save_settings(path, settings)
    assert load_settings(path) == (settings, ())


def test_the_property_above_draws_every_setting() -> None:
    assert set(FIELDS) == {field.name for field in fields(Settings)}


def test_without_a_file_everything_is_as_it_came(path: Path) -> None:
    assert load_settings(path) == (Settings(), ())


def test_the_file_can_be_read_by_people(path: Path) -> None:
    save_settings(path, OTHERS)
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert table["audio_device"] == "Speakers"
    assert table["inputs"][0]["name"] == "V49"


def test_what_is_unknown_is_passed_over(path: Path) -> None:
    write(path, 'mood = "blue"\nclick_db = -3\nvolume_db = -3\n[more]\nx = 1\n')
    assert load_settings(path) == (Settings(volume_db=-3.0), ())


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("volume_db = 'loud'", "volume_db"),
        ("volume_db = nan", "volume_db"),
        ("volume_db = -inf", "volume_db"),
        ("volume_db = 90.0", "volume_db"),
        ("count_in_bars = 3", "count_in_bars"),
        ("block_frames = -1", "block_frames"),
        ("is_accented = 1", "is_accented"),
        ("audio_device = 3", "audio_device"),
        ("inputs = 3", "inputs"),
        ("[[inputs]]\nname = 3", "inputs"),
        ("[[inputs]]\nname = 'V49'\noctave = 9", "inputs"),
        ("[[inputs]]\nname = 'V49'\nvelocity_curve = {kind = 'steep'}", "inputs"),
        ("[[inputs]]\nname = 'V49'\nvelocity_curve = {kind = 'own', points = [[0, 1]]}", "inputs"),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence_and_the_others_hold(
    path: Path, line: str, name: str
) -> None:
    write(path, f"room = 0.5\n{line}\n")
    settings, problems = load_settings(path)
    assert settings == Settings(room=0.5)
    (problem,) = problems
    assert isinstance(problem, SettingsError)
    assert problem.what.startswith(f"The setting {name} cannot be ")
    assert problem.what.endswith(".")
    assert problem.hint.endswith(".")


def test_of_several_inputs_only_the_wrong_one_is_left_out(path: Path) -> None:
    write(path, "[[inputs]]\nname = 'A'\n[[inputs]]\noctave = 1\n[[inputs]]\nname = 'B'\n")
    settings, problems = load_settings(path)
    assert [each.name for each in settings.inputs] == ["A", "B"]
    assert len(problems) == 1


def test_a_long_wrong_value_is_not_quoted_whole(path: Path) -> None:
    write(path, f"volume_db = '{'x' * 10_000}'\n")
    (problem,) = load_settings(path)[1]
    assert len(problem.what) < 200


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a = ", b"[" * 100_000, b"# \n" * 1_000_000, b"\0"]
)
def test_a_damaged_file_is_put_aside_and_told(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings, problems = load_settings(path)
    assert settings == Settings()
    (problem,) = problems
    assert "are damaged" in problem.what
    assert "settings.damaged.toml" in problem.hint
    assert not path.exists()
    assert path.with_name("settings.damaged.toml").read_bytes() == content


def test_a_second_damaged_file_does_not_replace_the_first(path: Path) -> None:
    path.parent.mkdir()
    for content in (b"\xff1", b"\xff2"):
        path.write_bytes(content)
        load_settings(path)
    names = sorted(each.name for each in path.parent.iterdir())
    assert names == ["settings.damaged-2.toml", "settings.damaged.toml"]
    assert path.with_name("settings.damaged.toml").read_bytes() == b"\xff1"


def test_a_folder_in_its_place_is_one_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    settings, problems = load_settings(path)
    assert settings == Settings()
    assert len(problems) == 1
    with pytest.raises(OutputError, match="could not be saved"):
        save_settings(path, OTHERS)


def test_a_name_that_no_file_can_hold_is_saved_as_far_as_it_goes(path: Path) -> None:
    save_settings(path, Settings(audio_device="Laut\udcff"))
    assert load_settings(path) == (Settings(audio_device="Laut?"), ())


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "kept elsewhere.toml")
    save_settings(path, OTHERS)
    assert path.is_symlink()
    assert load_settings(path) == (OTHERS, ())


class FailingDisk:
    """Lets the k-th call of the system fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, k: int) -> None:
        self.n_calls = 0
        for name in ("open", "write", "fsync", "close", "replace"):
            monkeypatch.setattr(os, name, self._failing(getattr(os, name), k))

    def _failing(self, real: Any, k: int) -> Any:
        def call(*arguments: Any) -> Any:
            self.n_calls += 1
            if self.n_calls == k:
                raise OSError(28, "No space left on device")
            return real(*arguments)

        return call


def test_a_call_of_the_system_that_fails_leaves_exactly_the_old_or_the_new(path: Path) -> None:
    is_new = []
    for k in range(1, 20):
        save_settings(path, Settings())
        with pytest.MonkeyPatch.context() as patch:
            disk = FailingDisk(patch, k)
            try:
                save_settings(path, OTHERS)
            except OutputError as problem:
                assert "No space left" in problem.what  # noqa: PT017  (not every call is fatal)
        settings, problems = load_settings(path)
        assert problems == ()
        assert settings in (Settings(), OTHERS)
        is_new.append(settings == OTHERS)
        assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]
        if disk.n_calls < k:
            break
    assert is_new == sorted(is_new)
    assert is_new[0] is False
    assert is_new[-1] is True


DYING = """
    import os, sys
    from pathlib import Path
    from musicassist.storage.settings import Settings, save_settings

    path, k, n_calls = Path(sys.argv[1]), int(sys.argv[2]), 0

    def dying(real):
        def call(*arguments):
            global n_calls
            n_calls += 1
            if n_calls > k:
                os._exit(9)
            return real(*arguments)
        return call

    for name in ("open", "write", "fsync", "close", "replace"):
        setattr(os, name, dying(getattr(os, name)))
    save_settings(path, Settings(volume_db=-9.5))
    os._exit(0)
"""


def test_death_at_any_call_leaves_exactly_the_old_or_the_new(path: Path) -> None:
    is_new = []
    for k in range(20):
        save_settings(path, Settings())
        command = [sys.executable, "-c", textwrap.dedent(DYING), str(path), str(k)]
        code = subprocess.run(command, check=False, timeout=60).returncode
        settings, problems = load_settings(path)
        assert problems == ()
        assert settings in (Settings(), Settings(volume_db=-9.5))
        is_new.append(settings != Settings())
        if code == 0:
            break
    assert is_new == sorted(is_new)
    assert (is_new[0], is_new[-1]) == (False, True)


def test_the_user_s_places_are_where_the_system_wants_them() -> None:
    assert paths.settings_file().name == "settings.toml"
    assert paths.settings_file().parent == paths.controllers_folder().parent
    assert paths.sessions_folder().parent == paths.soundfonts_folder().parent
    places = (paths.settings_file(), paths.sessions_folder())
    assert all("musicassist" in str(place).lower() for place in places)
