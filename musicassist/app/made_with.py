"""What a solo was asked for, read back from what was kept with it."""

from dataclasses import fields, replace
from typing import Any, Final

from musicassist.generation.characters import AS_PRIMER, all_characters, find_character
from musicassist.music.manner import QUALITIES, Manner
from musicassist.music.session import Wishes
from musicassist.music.solo import Solo

_COPIED: Final = (
    "n_bars",
    "surprise",
    "is_key_locked",
    "lowest_pitch",
    "highest_pitch",
    "furthest_leap",
    "has_pickup",
)


def wishes_made_with(solo: Solo, wishes: Wishes) -> Wishes:
    """Return wishes with all that a solo was made with; what it does not say stays.

    Takes and seed stay too: the next answers are others. A setting that cannot be, as a damaged
    or a newer session may hold, is passed over.
    """
    settings = solo.settings
    wishes = replace(wishes, model_id=solo.model_id, character_id=_character_of(solo, wishes))
    kinds = {field.name: type(getattr(wishes, field.name)) for field in fields(Wishes)}
    said: dict[str, Any] = {
        name: kinds[name](settings[name])
        for name in _COPIED
        if isinstance(settings.get(name), int | float)
    }
    manner = {
        quality: float(settings[quality])
        for quality in QUALITIES
        if isinstance(settings.get(quality), int | float)
    }
    try:
        return replace(wishes, manner=Manner(**manner), **said)
    except ValueError:
        return wishes


def _character_of(solo: Solo, wishes: Wishes) -> str:
    """Return the character a solo's style speaks of, the one chosen now if it does."""
    style = solo.settings.get("style", "")
    chosen = find_character(wishes.character_id)
    if chosen is not None and chosen.style == style:
        return chosen.character_id
    named = (each.character_id for each in all_characters() if each.style == style)
    return next(named, AS_PRIMER)
