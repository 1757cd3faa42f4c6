"""Importing Keras, late and quietly."""

import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from musicassist.errors import TrainingError

INSTALL_HINT: Final = "Install the training extra: 'uv sync --extra train'."


def import_keras() -> Any:
    """Return the `keras` package on the backend of the user's choice, TensorFlow if none is named.

    The import takes seconds, so it happens when training starts and not when a module is read.

    Raises:
        TrainingError: Keras or its backend is not installed.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    backend = os.environ["KERAS_BACKEND"]
    for package in ("keras", backend):
        if importlib.util.find_spec(package) is None:
            raise TrainingError(f"Training needs {package}, which is not installed.", INSTALL_HINT)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_greetings():
        import keras

    # Every network trained makes it remark once more that functions are traced anew.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    return keras


@contextmanager
def _without_greetings() -> Iterator[None]:
    """Keep what C code writes to standard error while a package is imported off the screen.

    TensorFlow greets with remarks on the processor and on graphics cards it misses, from before
    its own log level counts.
    """
    if "keras" in sys.modules:
        yield
        return
    sys.stderr.flush()
    real = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(real, 2)
        os.close(real)
        os.close(nowhere)
