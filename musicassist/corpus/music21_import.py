"""Importing music21, late and carefully.

Its pickle cache lies in the shared temporary folder, where another user of the machine could fill
it with code; so files are parsed with `forceSource=True, storePickle=False` and a scratch folder of
our own.
"""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from musicassist.errors import TrainingError


@contextmanager
def careful_music21() -> Iterator[Any]:
    """Lend music21 with a scratch folder of our own, and without its remarks on odd files.

    Raises:
        TrainingError: It is not installed.
    """
    try:
        import music21
    except ImportError:
        raise TrainingError(
            "Reading these files for training needs music21, which is not installed.",
            "Install the training extra: 'uv sync --extra train'.",
        ) from None
    settings = music21.environment.Environment()
    before = settings["directoryScratch"]
    with tempfile.TemporaryDirectory(prefix="musicassist-") as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        settings["directoryScratch"] = scratch
        try:
            yield music21
        finally:
            settings["directoryScratch"] = before
