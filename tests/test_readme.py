"""What README.md promises exists: its commands, its paths, its pictures."""

import os
import re
import shlex
from pathlib import Path

import pytest

from musicassist import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", ".github/CONTRIBUTING.md", "tests/TEST-PLAN.md")
PROGRAMS = ("scripts/run", "uv run musicassist", "musicassist")


def commands(text: str) -> list[str]:
    """Return every line of a code block that runs our program, without comments and prompts."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith(PROGRAMS)]


def mentioned_paths(text: str) -> list[str]:
    """Return what stands in backticks and looks like a path of ours, and what is linked to."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\s]+)`", prose)
    looks = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")
    paths = [
        span for span in spans if looks.fullmatch(span) and re.search(r"/|\.(py|md|toml)$", span)
    ]
    paths = [path for path in paths if not re.fullmatch(r"[\d/]+T?", path)]  # a grid or a meter
    links = re.findall(r"\]\(([^)#\s]+)", prose) + re.findall(r'src="([^"]+)"', prose)
    return paths + [link for link in links if "://" not in link]


def test_the_two_commands_are_named() -> None:
    assert "scripts/run" in README
    assert "scripts/test" in README


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_is_understood(document: str) -> None:
    for command in commands((ROOT / document).read_text(encoding="utf-8")):
        program = next(name for name in PROGRAMS if command.startswith(name))
        words = shlex.split(command.removeprefix(program), comments=True)
        assert is_understood(words), command


def is_understood(words: list[str]) -> bool:
    try:
        cli._parser().parse_args(words)
    except SystemExit as stop:  # also after --help and --version, which are understood
        return stop.code == 0
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    beside = (ROOT / document).parent
    missing = [
        path
        for path in mentioned_paths(text)
        if not any(ROOT.glob(path.rstrip("/"))) and not any(beside.glob(path.rstrip("/")))
    ]
    assert not missing


@pytest.mark.parametrize("script", ["run", "test", "setup", "lock", "rig"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_every_script_can_be_run(script: str) -> None:
    assert os.access(ROOT / "scripts" / script, os.X_OK)
