"""Values as JSON, whatever foreign names they hold."""

from typing import Any

import msgspec


def json_bytes(value: object) -> bytes:
    """Return a value as JSON; of a name that UTF-8 cannot hold, as far as it goes.

    Names of files in a foreign alphabet may hold lone surrogates.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_well_formed(msgspec.to_builtins(value)))


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_well_formed(each) for each in value]
    return value
