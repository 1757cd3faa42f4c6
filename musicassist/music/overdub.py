"""Recording over a phrase: adding to it, or replacing a stretch of it."""

from dataclasses import replace

from musicassist.music.clip import Clip, controls_within, without_overlaps


def overdubbed(clip: Clip, recorded: Clip) -> Clip:
    """Return a clip with what was recorded over it added; as long as the longer of both.

    Args:
        clip: What was there.
        recorded: What was played to it, on the same time line.
    """
    return replace(
        clip,
        notes=without_overlaps((*clip.notes, *recorded.notes)),
        controls=(*clip.controls, *recorded.controls),
        length_ticks=max(clip.length_ticks, recorded.length_ticks),
    )


def replaced(clip: Clip, recorded: Clip, start_ticks: int, end_ticks: int) -> Clip:
    """Return a clip with a stretch of it replaced by what was recorded there.

    Notes that ring into the stretch are cut at its start.

    Args:
        clip: What was there.
        recorded: What was played instead, on the same time line.
        start_ticks: Where recording began.
        end_ticks: Where it ended.
    """
    start_ticks, end_ticks = max(0, start_ticks), max(0, end_ticks)
    kept = tuple(
        replace(note, duration_ticks=min(note.duration_ticks, start_ticks - note.onset_ticks))
        if note.onset_ticks < start_ticks
        else note
        for note in clip.notes
        if not start_ticks <= note.onset_ticks < end_ticks
    )
    before = controls_within(clip.controls, 0, start_ticks)
    after = tuple(point for point in clip.controls if point.onset_ticks >= end_ticks)
    return replace(
        clip,
        notes=without_overlaps((*kept, *recorded.notes)),
        controls=(*before, *recorded.controls, *after),
        length_ticks=max(clip.length_ticks, recorded.length_ticks),
    )
