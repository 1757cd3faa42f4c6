"""Importing onnxruntime, late and silently."""

import os
from typing import Any


def import_onnxruntime() -> Any:
    """Return the `onnxruntime` package, with its telemetry off.

    From 1.31 on it would write a device id and a queue of events into the user's cache, and try to
    send them; the switch only works when it is set before the import.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime
