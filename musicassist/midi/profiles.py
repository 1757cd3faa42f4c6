"""Controller profiles as TOML files: those that come with the program, and the user's own."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w

from musicassist.errors import InputError, MusicAssistError, OutputError
from musicassist.midi.controllers import GENERIC, Control, ControllerProfile
from musicassist.paths import resources_folder, write_atomically

LARGEST_BYTES: Final = 65_536

_KINDS: Final = ("knob", "toggle", "momentary")
_TABLES: Final = {
    "ports": ("match", "except", "ignore"),
    "keys": ("channel", "count", "lowest"),
    "pads": ("channel", "notes", "lights"),
}
_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")
_HEADER: Final = re.compile(r"^\s*\[+\s*([\w-]+)\s*\]+")


class _WrongError(Exception):
    """Something in a profile is not as it must be.

    Args:
        what: Half a sentence: what is wrong.
        table: Name of the table it is in; empty for the top.
        key: What in it is wrong; empty for all of it.
        index: Which one, in a list of tables.
    """

    def __init__(self, what: str, table: str = "", key: str = "", index: int = 0) -> None:
        super().__init__(what)
        self.what, self.table, self.key, self.index = what, table, key, index


@dataclass(frozen=True, slots=True)
class Profiles:
    """All controller profiles there are.

    Attributes:
        all: The user's own first, the generic one last.
        packaged: Those that come with the program.
        problems: The user's files that cannot be used; the packaged profile stands in.
    """

    all: tuple[ControllerProfile, ...]
    packaged: tuple[ControllerProfile, ...]
    problems: tuple[MusicAssistError, ...] = ()

    def for_port(self, port: str) -> ControllerProfile:
        """Return the profile for a port of that name; the generic one if no other fits."""
        return next((each for each in self.all if each.fits(port)), self.all[-1])

    def is_learnt(self, profile: ControllerProfile, control: Control) -> bool:
        """Return whether the user taught a profile a control (it came with it otherwise)."""
        names = (profile.name, GENERIC)
        packaged = next((p for name in names for p in self.packaged if p.name == name), None)
        return packaged is None or control not in packaged.controls


def load_profiles(folder: Path | None = None) -> Profiles:
    """Read the packaged profiles and the user's.

    A file of the user's goes before the packaged profile of the same name; one that is damaged is
    told of, and the packaged one is used.

    Args:
        folder: Of the user's own profiles; need not exist.
    """
    packaged = tuple(_read(path) for path in _files_in(resources_folder() / "controllers"))
    own: dict[str, ControllerProfile] = {}
    problems: list[MusicAssistError] = []
    for path in _files_in(folder) if folder is not None else ():
        try:
            profile = _read(path)
        except InputError as problem:
            problems.append(problem)
        else:
            own[profile.name] = profile
    everything = [*own.values(), *(each for each in packaged if each.name not in own)]
    everything.sort(key=lambda each: each.name == GENERIC)  # a stable sort: only it moves, last
    return Profiles(tuple(everything), packaged, tuple(problems))


def save_profile(profile: ControllerProfile, folder: Path) -> Path:
    """Write a profile as the user's own; return the file.

    Raises:
        OutputError: It cannot be written.
    """
    path = profile_file(profile.name, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, tomli_w.dumps(_as_toml(profile)).encode())
    except OSError as problem:
        raise OutputError(
            f"What was learnt for {profile.name} cannot be kept in {path}.",
            f"Make room there or allow writing ({problem.strerror}), and try again.",
        ) from problem
    return path


def forget_profile(name: str, folder: Path) -> None:
    """Delete the user's own profile of that name, so that the packaged one is used again.

    Raises:
        OutputError: It cannot be deleted.
    """
    for path in (profile_file(name, folder), *_files_of(name, folder)):
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            raise OutputError(
                f"{path} cannot be deleted.", f"Delete it by hand ({problem.strerror})."
            ) from problem


def profile_file(name: str, folder: Path) -> Path:
    """Return where the user's own profile of that name is written."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:80]
    return folder / f"{plain or 'controller'}.toml"


def _files_of(name: str, folder: Path) -> Iterator[Path]:
    """Yield the files, whatever they are called, whose profile has that name."""
    for path in _files_in(folder):
        try:
            if _read(path).name == name:
                yield path
        except InputError:
            continue


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.toml"))
    except OSError:  # a folder that may not be looked into holds nothing for us
        return []


def _read(path: Path) -> ControllerProfile:
    """Read a profile.

    Raises:
        InputError: It cannot be read, or is no profile.
    """
    text = ""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise _WrongError("it is larger than a profile can be")
        text = content.decode("utf-8")
        return _profile_from(tomllib.loads(text))
    except OSError as problem:
        raise _unusable(path, 0, f"it cannot be opened ({problem.strerror})") from problem
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise _unusable(path, line, "it is not UTF-8 text") from problem
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        place = _AT_LINE.search(str(problem))
        line = int(place[1]) if place else text.count("\n") + 1
        words = _AT_LINE.sub("", str(problem)).replace("(at end of document)", "").strip()
        raise _unusable(path, line, f"it is not TOML ({words})") from problem
    except _WrongError as problem:
        raise _unusable(path, _line_of(problem, text), problem.what) from problem


def _unusable(path: Path, line: int, what: str) -> InputError:
    where = f"line {line} of {path}" if line else str(path)
    return InputError(
        f"The controller profile in {where} cannot be used: {what}.",
        "Correct the file or delete it; what comes with the program is used meanwhile.",
    )


def _line_of(wrong: _WrongError, text: str) -> int:
    """Return the line a profile is wrong in, from 1."""
    table, n_seen, header_line = "", -1, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = header[1]
            n_seen += table == wrong.table
            if table == wrong.table and n_seen == wrong.index:
                header_line = number
        is_there = table == wrong.table and (not table or n_seen == wrong.index)
        if is_there and wrong.key and re.match(rf'\s*"?{wrong.key}"?\s*=', line):
            return number
    return header_line


def _profile_from(data: dict[str, Any]) -> ControllerProfile:
    name = _value(data, "name", str, "")
    if not name.strip():
        raise _WrongError("it has no name", key="name")
    tables = {each: _table(data, each) for each in _TABLES}
    unknown = next((key for key in data if key not in ("name", "controls", *_TABLES)), None)
    if unknown is not None:
        raise _WrongError(f"nobody knows what {unknown!r} is", unknown)
    pads = _pads(tables["pads"])
    return ControllerProfile(
        name=name,
        ports=_patterns(tables["ports"], "match"),
        except_ports=_patterns(tables["ports"], "except"),
        ignored_ports=_patterns(tables["ports"], "ignore"),
        key_channel=_number(tables["keys"], "channel", 1, (1, 16), "keys") - 1,
        n_keys=_number(tables["keys"], "count", 0, (0, 128), "keys"),
        lowest_key=_number(tables["keys"], "lowest", 36, (0, 127), "keys"),
        pad_channel=_number(tables["pads"], "channel", 10, (1, 16), "pads") - 1,
        pads=pads,
        has_pad_lights=_value(tables["pads"], "lights", bool, False, "pads"),
        controls=tuple(_controls(data)),
    )


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise _WrongError(f"{name!r} is no table", name)
    for key in table:
        if key not in _TABLES[name]:
            raise _WrongError(f"nobody knows what {key!r} is", name, key)
    return table


def _value(
    table: dict[str, Any], key: str, kind: type, default: Any, name: str = "", index: int = 0
) -> Any:
    value = table.get(key, default)
    if type(value) is not kind:
        words = {
            str: "text in quotes",
            bool: "true or false",
            int: "a whole number",
            list: "a list",
        }
        raise _WrongError(f"{key!r} must be {words[kind]}", name, key, index)
    return value


def _number(
    table: dict[str, Any],
    key: str,
    default: int,
    span: tuple[int, int],
    name: str,
    index: int = 0,
) -> int:
    value: int = _value(table, key, int, default, name, index)
    if not span[0] <= value <= span[1]:
        raise _WrongError(f"{key!r} must be {span[0]} to {span[1]}", name, key, index)
    return value


def _patterns(table: dict[str, Any], key: str) -> tuple[str, ...]:
    patterns = _value(table, key, list, [], "ports")
    if not all(isinstance(pattern, str) for pattern in patterns):
        raise _WrongError(f"{key!r} must be a list of texts in quotes", "ports", key)
    if key == "match" and not patterns:
        raise _WrongError("it does not say which ports it is for", "ports", key)
    return tuple(patterns)


def _pads(table: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
    pads = [
        tuple(each) if isinstance(each, list) else (each,)
        for each in _value(table, "notes", list, [], "pads")
    ]
    notes = [note for pad in pads for note in pad]
    if not all(pads) or not all(type(note) is int and 0 <= note <= 127 for note in notes):
        raise _WrongError("'notes' must be notes from 0 to 127, or lists of them", "pads", "notes")
    if len(set(notes)) < len(notes):
        raise _WrongError("'notes' names a note twice", "pads", "notes")
    return tuple(pads)


def _controls(data: dict[str, Any]) -> Iterator[Control]:
    tables = data.get("controls", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise _WrongError("controls are written under [[controls]]", "controls")
    for index, table in enumerate(tables):
        yield _control(table, index)


def _control(table: dict[str, Any], index: int) -> Control:
    place = ("controls", index)
    for key in table:
        if key not in ("cc", "note", "kind", "action", "channel"):
            raise _WrongError(f"nobody knows what {key!r} is", place[0], key, index)
    if ("cc" in table) == ("note" in table):
        raise _WrongError("a control has either 'cc' or 'note'", place[0], "", index)
    channel = None
    if "channel" in table:
        channel = _number(table, "channel", 1, (1, 16), place[0], index) - 1
    action = _value(table, "action", str, "", place[0], index)
    kind: Any = "pad"
    if "cc" in table:
        kind = _value(table, "kind", str, "knob", place[0], index)
        if kind not in _KINDS:
            raise _WrongError(f"'kind' must be one of {', '.join(_KINDS)}", place[0], "kind", index)
        number = _number(table, "cc", 0, (0, 119), place[0], index)
    else:
        number = _number(table, "note", 0, (0, 127), place[0], index)
    try:
        return Control(kind, number, action, channel)
    except ValueError as problem:
        raise _WrongError(str(problem), place[0], "action", index) from problem


def _as_toml(profile: ControllerProfile) -> dict[str, Any]:
    ports = {
        "match": list(profile.ports),
        "except": list(profile.except_ports),
        "ignore": list(profile.ignored_ports),
    }
    pads = [list(pad) if len(pad) > 1 else pad[0] for pad in profile.pads]
    return {
        "name": profile.name,
        "ports": ports,
        "keys": {
            "channel": profile.key_channel + 1,
            "count": profile.n_keys,
            "lowest": profile.lowest_key,
        },
        "pads": {
            "channel": profile.pad_channel + 1,
            "notes": pads,
            "lights": profile.has_pad_lights,
        },
        "controls": [_control_as_toml(control) for control in profile.controls],
    }


def _control_as_toml(control: Control) -> dict[str, Any]:
    table: dict[str, Any] = {"note" if control.kind == "pad" else "cc": control.number}
    if control.kind != "pad":
        table["kind"] = control.kind
    table["action"] = control.action
    if control.channel is not None:
        table["channel"] = control.channel + 1
    return table
