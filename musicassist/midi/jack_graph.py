"""Who is connected to whom in JACK, which rtmidi does not tell."""

import ctypes
import sys
from typing import Any, Final

from musicassist.midi.names import CLIENT_NAME, is_ours

_NO_START_SERVER: Final = 1


class JackGraph:
    """A look at the connections of JACK ports, by a client of its own that has no ports.

    The very library that rtmidi speaks to is asked, since a package may bring its own.

    Raises:
        OSError: There is no such library, or no server.

    Thread: the main loop.
    Source: the JACK API, `jack_port_get_all_connections`; it reads shared memory and waits for
        nobody, not even for a server that hesitates.
    """

    def __init__(self) -> None:
        jack = ctypes.CDLL(sys.modules["rtmidi._rtmidi"].__file__)
        try:
            self._jack = _declared(jack)
        except AttributeError as problem:  # rtmidi was made without JACK
            raise OSError(str(problem)) from problem
        name = f"{CLIENT_NAME} watch".encode()
        self._client = self._jack.jack_client_open(name, _NO_START_SERVER, None)
        if not self._client:
            raise OSError("JACK takes no client")

    def listeners_of(self, port: str) -> frozenset[str]:
        """Return which of our ports a port is connected to; none if it is not there."""
        source = self._jack.jack_port_by_name(self._client, port.encode())
        if not source:
            return frozenset()
        names = self._jack.jack_port_get_all_connections(self._client, source)
        if not names:
            return frozenset()
        found = []
        number = 0
        while (name := names[number]) is not None:
            found.append(name.decode(errors="replace"))
            number += 1
        self._jack.jack_free(names)
        return frozenset(name for name in found if is_ours(name))

    def delete(self) -> None:
        """Leave JACK."""
        if self._client:
            self._jack.jack_client_close(self._client)
            self._client = None


def _declared(jack: Any) -> Any:
    """Return JACK's library, told what its functions take and give."""
    names = ctypes.POINTER(ctypes.c_char_p)
    for function, result, *arguments in (
        (jack.jack_client_open, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p),
        (jack.jack_client_close, ctypes.c_int, ctypes.c_void_p),
        (jack.jack_port_by_name, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p),
        (jack.jack_port_get_all_connections, names, ctypes.c_void_p, ctypes.c_void_p),
        (jack.jack_free, None, names),
    ):
        function.restype, function.argtypes = result, arguments
    return jack
