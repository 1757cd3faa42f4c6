"""Where the files that come with the program lie."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """Return the folder of that name: beside the package in a checkout, inside it in a wheel."""
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def models_folder() -> Path:
    """Return the folder of the models that come with the program, one folder a model."""
    return _shipped("models")


def resources_folder() -> Path:
    """Return the folder of icons, demo phrase, controllers and the like."""
    return _shipped("resources")
