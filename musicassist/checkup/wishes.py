"""What the user has chosen in the settings, as far as checks are concerned."""

from musicassist.checkup.facts import Wishes
from musicassist.errors import MusicAssistError
from musicassist.paths import settings_file
from musicassist.storage.settings import load_settings


def read_wishes() -> tuple[Wishes, tuple[MusicAssistError, ...]]:
    """Return what the settings file wishes for, and what is wrong with that file."""
    settings, problems = load_settings(settings_file())
    wishes = Wishes(settings.audio_device, settings.block_frames, settings.soundfont)
    return wishes, problems
