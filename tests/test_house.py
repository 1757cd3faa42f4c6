"""The house rules that a machine can check: who imports whom, and how long files grow."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "musicassist"

# From the inside out; see musicassist/__init__.py.
LAYERS = (
    {"errors", "paths", "music"},
    {"midi", "audio", "files", "generation", "glossary", "storage"},
    {"corpus"},
    {"engine", "training", "evaluation", "app", "checkup"},
    {"ui"},
    {"cli"},
    {"__main__"},
)

# Where siblings meet: the talk of window and engine, and the door through which `cli` opens the
# window.
MEETING_POINTS = {"musicassist.engine.protocol"}

# Which of our packages may import a library; all others may not.
HOMES = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "tensorflow": {"training"},
    "keras": {"training"},
    "onnx": {"training"},
    "music21": {"corpus", "training"},
    "rtmidi": {"midi"},
    "mido": {"midi"},
    "sounddevice": {"audio"},
    "tinysoundfont": {"audio"},
    "onnxruntime": {"generation"},
    "sqlite3": {"storage"},
}

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("musicassist", include_external_packages=True, cache_dir=None)


def imports(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """Return every import of one of our modules, lazy ones too, as (importer, imported)."""
    return sorted(
        (importer, imported)
        for importer in graph.modules
        if importer.startswith("musicassist")
        for imported in graph.find_modules_directly_imported_by(importer)
    )


def room_of(module: str) -> str:
    """Return which part of the house a module is in: `musicassist.music.note` is in `music`."""
    return module.split(".")[1] if "." in module else ""


def layer_of(room: str) -> int:
    return next(level for level, rooms in enumerate(LAYERS) if room in rooms)


def test_every_room_of_the_house_has_a_layer(graph: grimp.ImportGraph) -> None:
    rooms = {room_of(module) for module in graph.modules if module.startswith("musicassist.")}
    assert rooms <= set().union(*LAYERS)


def test_imports_point_inward_and_siblings_keep_apart(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer, imported in imports(graph):
        here, there = room_of(importer), room_of(imported)
        if not imported.startswith("musicassist.") or not here or here == there:
            continue
        inward = layer_of(there) < layer_of(here)
        beside = layer_of(there) == layer_of(here)
        may_meet = beside and (layer_of(here) == 0 or imported in MEETING_POINTS)
        if not inward and not may_meet:
            wrong.append(f"{importer} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_music_imports_nothing_of_ours_but_errors(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in imports(graph)
        if room_of(importer) == "music"
        and imported.startswith("musicassist.")
        and room_of(imported) not in {"music", "errors"}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_engine_is_met_only_at_its_protocol(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in imports(graph)
        if room_of(imported) == "engine"
        and room_of(importer) not in {"engine", "cli"}  # the command that is the engine process
        and imported != "musicassist.engine.protocol"
    ]
    assert not wrong, "\n".join(wrong)


def test_each_library_is_imported_in_its_home_only(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in imports(graph)
        if imported in HOMES and room_of(importer) not in HOMES[imported]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_services_use_qtcore_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {name}"
        for path in sorted((PACKAGE / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported_names(node)
        if name.startswith("PySide6") and not name.startswith("PySide6.QtCore")
    ]
    assert not wrong, "\n".join(wrong)


def imported_names(node: ast.AST) -> list[str]:
    """Return the dotted names that an import statement imports, none for other nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_numpy_is_the_only_library_under_music(graph: grimp.ImportGraph) -> None:
    used = {
        imported
        for importer, imported in imports(graph)
        if room_of(importer) == "music" and not imported.startswith("musicassist")
    }
    assert used - set(sys.stdlib_module_names) <= {"numpy"}


WINDOW_TO_THE_FIRST_DRAWING = """
import os, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from musicassist.ui.start import run_window
loaded = []
def tell():
    from PySide6.QtWidgets import QApplication
    loaded.extend(sys.modules)
    QApplication.closeAllWindows()
run_window(True, None, session_file=Path("One.musicassist"), on_painted=tell)
for name in set(sys.modules) - set(loaded):
    del sys.modules[name]
"""


def modules_loaded_by(code: str, cwd: Path, *, is_whole: bool = False) -> set[str]:
    """Run Python code in a process of its own and return the modules it loaded.

    Args:
        code: What is run.
        cwd: Where.
        is_whole: Whether with whole names; else the top-level ones.
    """
    part = "m" if is_whole else "m.split('.')[0]"
    program = code + f"\nimport sys; print('\\n'.join({{{part} for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_engine_process_loads_no_window_and_no_network(tmp_path: Path) -> None:
    if not (PACKAGE / "engine" / "host.py").exists():
        pytest.skip("musicassist/engine/host.py is not written yet")
    loaded = modules_loaded_by("import musicassist.engine.host", tmp_path)
    assert "musicassist" in loaded
    assert not loaded & {"PySide6", "tensorflow", "keras", "music21", "onnxruntime", "matplotlib"}


def test_continue_loads_neither_training_nor_a_window(tmp_path: Path) -> None:
    if not (PACKAGE / "cli.py").exists():
        pytest.skip("musicassist/cli.py is not written yet")
    (tmp_path / "phrase.mid").write_bytes(c_major_phrase())
    command = ["musicassist", "continue", "phrase.mid", "--bars", "2", "--takes", "1"]
    command += ["--seed", "1", "--out", "solos"]
    code = f"""
import sys
sys.argv = {command!r}
import contextlib, io
from musicassist.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main() == 0
"""
    loaded = modules_loaded_by(code, tmp_path)
    assert len(list((tmp_path / "solos").glob("*.mid"))) == 1
    assert not loaded & {"PySide6", "tensorflow", "keras", "music21", "matplotlib", "rtmidi"}


def test_the_window_opens_without_what_only_the_soloist_needs(tmp_path: Path) -> None:
    loaded = modules_loaded_by(
        "import musicassist.app.bootstrap, musicassist.ui.main_window, musicassist.ui.start",
        tmp_path,
    )
    assert "PySide6" in loaded
    assert not loaded & {"numpy", "onnxruntime", "tensorflow", "music21", "asyncio", "ssl"}


def test_the_window_is_drawn_before_what_is_not_seen_is_loaded(tmp_path: Path) -> None:
    loaded = modules_loaded_by(WINDOW_TO_THE_FIRST_DRAWING, tmp_path, is_whole=True)
    assert "musicassist.ui.main_window" in loaded
    assert not loaded & {
        "numpy",
        "onnxruntime",
        "musicassist.files.export",
        "musicassist.files.smf_read",
        "musicassist.generation.graph_check",
        "musicassist.music.accompaniment.accompany",
        "musicassist.ui.chord_editor",
        "musicassist.ui.devices_panel",
        "musicassist.ui.shortcut_sheet",
    }


def c_major_phrase() -> bytes:
    """Return a type-0 MIDI file of eight quarter notes at 120 bpm."""
    events = bytearray(b"\x00\xff\x51\x03\x07\xa1\x20")
    for pitch in (60, 62, 64, 65, 67, 65, 64, 62):
        events += bytes((0, 0x90, pitch, 90, 0x83, 0x60, 0x80, pitch, 0))
    events += b"\x00\xff\x2f\x00"
    header = b"MThd" + (6).to_bytes(4) + bytes((0, 0, 0, 1)) + (480).to_bytes(2)
    return header + b"MTrk" + len(events).to_bytes(4) + bytes(events)


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if (n_lines := text.count("\n")) > MAX_FILE_LINES:
            long.append(f"{path.relative_to(ROOT)} has {n_lines} lines")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            n_lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if n_lines > MAX_FUNCTION_LINES:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {n_lines}")
    assert not long, "\n".join(long)
