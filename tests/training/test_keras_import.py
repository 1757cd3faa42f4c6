"""Without the training extra, one sentence says what to install."""

import pytest

from musicassist.errors import TrainingError
from musicassist.training.keras_import import import_keras


def test_without_the_extra_a_hint_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="keras") as caught:
        import_keras()
    assert "--extra train" in caught.value.hint
