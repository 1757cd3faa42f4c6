"""The lock file pins, with hashes, every package pyproject.toml names, within its range."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "installer.lock")


def pins(lock: str) -> list[tuple[Requirement, int]]:
    """Return every pinned requirement of a lock, and how many hashes it has."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "scripts" / lock).read_text(encoding="utf-8"))
    return [
        (Requirement(entry.split("\\")[0].strip()), entry.count("--hash=sha256:"))
        for entry in entries
        if not entry.startswith("#")
    ]


def required() -> list[Requirement]:
    """Return every requirement of the product, its extras, its tools and its build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    words = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(word for extra in project["project"]["optional-dependencies"].values() for word in extra),
        *project["dependency-groups"]["dev"],
    ]
    return [Requirement(word) for word in words]


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_the_lock_pins_each_requirement_within_its_range(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    versions = [
        next(iter(pin.specifier)).version
        for pin, _ in pins("requirements.lock")
        if canonicalize_name(pin.name) == name
    ]
    assert versions, f"{name} is not locked; run scripts/lock"
    assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_hashes(lock: str) -> None:
    for pin, n_hashes in pins(lock):
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert n_hashes > 0, pin


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_folder(lock: str) -> None:
    text = (ROOT / "scripts" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)(~|/|[A-Z]:\\)\S", text)
