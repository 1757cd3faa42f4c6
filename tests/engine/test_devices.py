import sys

import pytest

from musicassist.engine.devices import find_devices


def test_without_portaudio_the_engine_plays_silently_and_names_what_to_install(
    tmp_path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("sounddevice", "musicassist.audio.output"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    devices = find_devices()
    assert devices.sink.name == ""
    assert "libportaudio2" in devices.troubles[0].hint
