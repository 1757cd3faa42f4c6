"""Whatever is done in whatever order: it is kept, and undo and redo lead to and fro."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from musicassist.app.bootstrap import Services
from musicassist.generation.regeneration import BarRange
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.storage.session_file import decode_session, encode_session

BAR = 1920
N_STEPS = 80


def solo(pitch: int, n_bars: int, pickup_ticks: int) -> Solo:
    notes = tuple(Note(bar * BAR, BAR, pitch) for bar in range(n_bars))
    clip = Clip(notes, n_bars * BAR + pickup_ticks)
    return Solo(clip, "echo", pitch, Clip((Note(0, 100, 60),), BAR), pickup_ticks=pickup_ticks)


def deeds(services: Services, chance: Random) -> tuple[Callable[[], object], ...]:
    """Return what can be done, each with other values every time."""
    document, takes, notes = services.document, services.takes, services.notes
    chords, mixer = services.chords, services.mixer

    def number() -> int:
        return chance.choice([0, *(each.number for each in document.session.solos)])

    def take_bar() -> None:
        if takes.plan.bars and (offered := takes.offers([0])):
            takes.take_bars(BarRange(0, 1), chance.choice(offered).number)

    def move_all() -> None:
        notes.select_all()
        notes.move(chance.choice([-10, 10]), chance.choice([-1, 1]))

    def draw_and_erase() -> None:
        notes.draw(chance.randrange(4000), 60, 240)
        notes.split()
        notes.erase()

    def add() -> None:
        length, pickup = chance.choice([3, 4, 8]), chance.choice([0, 240])
        document.add_solos((solo(chance.randrange(40, 80), length, pickup),))

    return (
        add,
        lambda: takes.star(number()),
        lambda: takes.reject(number()),
        lambda: takes.bring_back(number()),
        lambda: takes.rename(number(), "Mine"),
        lambda: document.select_solo(number() or None),
        take_bar,
        takes.begin_comp,
        move_all,
        draw_and_erase,
        lambda: chords.set_chord(chance.randrange(4) * BAR, 4 * BAR, chance.choice(["C", "Bb/D"])),
        lambda: chords.repeat_to(chance.randrange(9000)),
        lambda: chords.remove_bars(0, chance.randrange(1, 9000)),
        lambda: chords.transpose_everything(chance.choice([-2, 2])),
        lambda: mixer.set_volume("bass", -40 * chance.random()),
        mixer.choose_next_feel,
        lambda: document.change_timing(strength=chance.random()),
        lambda: document.set_meter(
            chance.choice([2, 3, 4, 5, 7, 13]), chance.choice([2, 4, 8, 16])
        ),
    )


def without_choice(session: Session) -> Session:
    """Return a session without what no step is taken for."""
    return replace(session, selected_number=None)


@pytest.mark.parametrize("seed", range(3))
def test_every_way_is_kept_and_can_be_gone_back(services: Services, seed: int) -> None:
    document, chance = services.document, Random(seed)
    start = document.session
    for _ in range(N_STEPS):
        chance.choice(deeds(services, chance))()
        assert document.arrangement.heard_clip.length_ticks >= 0
        content = encode_session(document.session)
        assert decode_session(content, zlib.crc32(content)) == document.session
    states = []
    while document.undo_name:
        states.append(without_choice(document.session))
        document.undo()
    assert len(states) > N_STEPS // 4
    assert without_choice(document.session) == without_choice(start)
    while document.redo_name:
        document.redo()
        assert without_choice(document.session) == states.pop()
