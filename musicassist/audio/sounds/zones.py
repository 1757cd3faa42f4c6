"""How samples share the keys and the velocities."""

from collections.abc import Sequence

from musicassist.audio.sounds.sf2_write import filter_cents


def spread(first: int, last: int, step: int) -> list[tuple[int, tuple[int, int]]]:
    """Return sampled pitches and the keys each plays: its neighbours half a step around.

    The outermost ones also play whatever lies beyond.
    """
    pitches = range(first, last + 1, step)
    return [
        (
            pitch,
            (
                0 if pitch == pitches[0] else pitch - (step - 1) // 2,
                127 if pitch == pitches[-1] else pitch + step // 2,
            ),
        )
        for pitch in pitches
    ]


def brightness_steps(
    velocities: tuple[int, int], corners_hz: Sequence[float], pitch: int = 60
) -> list[tuple[tuple[int, int], int]]:
    """Cut a range of velocities into parts that are the brighter the harder the stroke.

    The player itself makes no note brighter that is struck harder.

    Args:
        velocities: The range.
        corners_hz: Of each part's filter at middle C, dullest first.
        pitch: Of the sample; an octave up moves the filter half an octave.

    Returns:
        Each part's velocities, and its filter in cents as SoundFonts count them.
    """
    low, high = velocities
    n_parts = len(corners_hz)
    follow = 2.0 ** ((pitch - 60) / 24)
    bounds = [low + (high + 1 - low) * part // n_parts for part in range(n_parts + 1)]
    return [
        ((bounds[part], bounds[part + 1] - 1), filter_cents(corner_hz * follow))
        for part, corner_hz in enumerate(corners_hz)
    ]
