"""What wishes mean, in musical words: beside the sliders, and on the cards of their solos."""

from collections.abc import Mapping
from typing import Final

from musicassist.generation.characters import all_characters
from musicassist.music.keys import pitch_name
from musicassist.music.session import NumberedSolo, Wishes

FREE: Final = "free"

_LEVELS: Final = (10, 35, 65, 90, 100)  # up to which place of a slider each of five words goes
_SURPRISES: Final = (
    (12, "as close as it gets"),
    (37, "close to your phrase"),
    (62, "as learned"),
    (87, "adventurous"),
    (100, "wild"),
)
QUALITY_WORDS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "density": ("sparse", "airy", "flowing", "busy", "dense"),
    "leaps": ("steps", "mostly steps", "some leaps", "many leaps", "wide leaps"),
    "swing": ("straight", "light swing", "medium swing", "swung", "hard swing"),
    "register": ("deep", "low", "middle", "high", "top"),
    "span": ("one spot", "narrow", "an octave or so", "wide", "all over"),
    "chord_tones": ("outside", "loose", "half and half", "on the chords", "chord tones only"),
    "rhythmic_variety": ("even", "mostly even", "varied", "lively", "ever different"),
    "repetition": ("ever new", "mostly new", "some motifs", "many motifs", "riff"),
}
_INTERVALS: Final = (
    "",
    "a semitone",
    "a tone",
    "a minor third",
    "a third",
    "a fourth",
    "a tritone",
    "a fifth",
    "a minor sixth",
    "a sixth",
    "a minor seventh",
    "a seventh",
)
_AS_IT_CAME: Final = Wishes()


def surprise_words(surprise: float) -> str:
    """Return what a surprise of 0-1 means."""
    return next(words for highest, words in _SURPRISES if round(surprise * 100) <= highest)


def quality_words(quality: str, wish: float | None) -> str:
    """Return what a wish of 0-1 for a quality of the manner means."""
    if wish is None:
        return FREE
    level = next(index for index, highest in enumerate(_LEVELS) if round(wish * 100) <= highest)
    return QUALITY_WORDS[quality][level]


def leap_words(semitones: int) -> str:
    """Return how wide the widest leap may be."""
    octaves, rest = divmod(semitones, 12)
    whole = ("", "an octave", "two octaves", "three octaves", "four octaves")[octaves]
    if not rest:
        return whole
    return f"{whole} and {_INTERVALS[rest]}" if whole else _INTERVALS[rest]


def range_words(lowest_pitch: int, highest_pitch: int, middle_c_octave: int = 3) -> str:
    """Return two pitches as note names."""
    low = pitch_name(lowest_pitch, middle_c_octave=middle_c_octave)
    return f"{low} – {pitch_name(highest_pitch, middle_c_octave=middle_c_octave)}"


def summary_of(numbered: NumberedSolo) -> str:
    """Return what a solo was made from and with, as far as it is not the usual."""
    settings = numbered.solo.settings
    words = ["edited"] if numbered.is_edited else []
    if numbered.comp:
        sources = ", ".join(str(each) for each in dict.fromkeys(numbered.comp))
        return " · ".join([*words, f"bars of Solo {sources}"])
    words += [numbered.origin] if numbered.origin else []
    key = settings.get("scale", settings.get("key"))
    if isinstance(n_bars := settings.get("n_bars"), int):
        words.append("1 bar" if n_bars == 1 else f"{n_bars} bars")
    if isinstance(key, str):
        words.append(key)
    if isinstance(style := settings.get("style"), str) and style:
        titles = [each.title for each in all_characters() if each.style == style]
        words.append(titles[0] if len(titles) == 1 else style)
    surprise = settings.get("surprise")
    if isinstance(surprise, float | int) and 0 <= surprise <= 1 and surprise != 0.5:
        words.append(surprise_words(surprise))
    for quality in QUALITY_WORDS:
        wish = settings.get(quality)
        if isinstance(wish, float | int) and 0 <= wish <= 1:
            words.append(quality_words(quality, wish))
    low, high = settings.get("lowest_pitch"), settings.get("highest_pitch")
    usual = (_AS_IT_CAME.lowest_pitch, _AS_IT_CAME.highest_pitch)
    if isinstance(low, int) and isinstance(high, int) and (low, high) != usual:
        words.append(range_words(low, high))
    if settings.get("is_key_locked") is False:
        words.append("free of the key")
    return " · ".join(words) or "as learned"
