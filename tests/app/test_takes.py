"""Keeping, rejecting, naming and comparing solos, and comps of them."""

from dataclasses import replace

import pytest

from musicassist.app.bootstrap import Services
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.takes import Comparison, CompPlan, Takes, TakesView, listed
from musicassist.engine.protocol import PlayClip
from musicassist.generation.characters import find_character
from musicassist.generation.regeneration import BarRange
from musicassist.music.clip import Clip
from musicassist.music.manner import Manner
from musicassist.music.note import Note
from musicassist.music.session import NumberedSolo, Session
from musicassist.music.solo import Solo

BAR_TICKS = 1920


def solo(pitch: int, n_bars: int = 4) -> Solo:
    """Return a solo of one note a bar, held for the bar, on one pitch."""
    notes = tuple(Note(bar * BAR_TICKS, BAR_TICKS, pitch) for bar in range(n_bars))
    primer = Clip((Note(0, 100, 60),), BAR_TICKS)
    return Solo(Clip(notes, n_bars * BAR_TICKS), "echo", 100 - pitch, primer)


@pytest.fixture
def takes(services: Services) -> Takes:
    services.document.add_solos(tuple(solo(60 + index) for index in range(4)))
    return services.takes


def session_of(services: Services) -> Session:
    return services.document.session


def solo_of(services: Services, number: int) -> NumberedSolo:
    numbered = services.document.session.solo_numbered(number)
    assert numbered is not None
    return numbered


def pitches_of(services: Services, number: int) -> list[int]:
    """Return the pitch of each bar of a solo."""
    return [note.pitch for note in solo_of(services, number).solo.clip.notes]


def shown(takes: Takes) -> list[int]:
    return [each.number for each in takes.shown]


def test_a_star_comes_and_goes_and_is_a_step(services: Services, takes: Takes) -> None:
    takes.star(2)
    assert solo_of(services, 2).is_starred
    assert services.document.undo_name == "Star Solo 2"
    takes.star(2)
    assert not solo_of(services, 2).is_starred
    assert services.document.undo_name == "Unstar Solo 2"
    services.document.undo()
    assert solo_of(services, 2).is_starred


def test_a_rejected_solo_is_out_of_sight_and_comes_back(services: Services, takes: Takes) -> None:
    takes.reject(2)
    assert shown(takes) == [1, 3, 4]
    assert solo_of(services, 2).is_rejected
    takes.show(TakesView("rejected"))
    assert shown(takes) == [2]
    takes.bring_back(2)
    assert takes.view.shows == "all"  # nothing is left to be seen there
    assert shown(takes) == [1, 2, 3, 4]


def test_rejecting_the_chosen_solo_chooses_the_next_that_is_shown(
    services: Services, takes: Takes
) -> None:
    takes.show(TakesView(order="seed"))
    assert shown(takes) == [4, 3, 2, 1]
    services.document.select_solo(3)
    takes.reject(3)
    assert session_of(services).selected_number == 2
    takes.reject(2)
    takes.reject(1)
    assert session_of(services).selected_number == 4
    takes.reject(4)
    assert session_of(services).selected_number is None
    for _ in range(4):
        services.document.undo()
    assert session_of(services).selected_number == 3
    assert shown(takes) == [4, 3, 2, 1]


def test_walking_passes_rejected_solos_over(services: Services, takes: Takes) -> None:
    takes.reject(2)
    assert takes.step(1) == 3
    assert takes.step(-1) == 1
    assert takes.step(-1) == 1


def test_walking_without_solos_leads_nowhere(services: Services) -> None:
    assert services.takes.step(1) is None


def test_a_removed_solo_comes_back_with_undo(services: Services, takes: Takes) -> None:
    takes.remove(2)
    assert session_of(services).solo_numbered(2) is None
    assert services.document.undo_name == "Remove Solo 2"
    services.document.undo()
    assert session_of(services).solo_numbered(2) is not None


def test_all_rejected_solos_go_in_one_step(services: Services, takes: Takes) -> None:
    takes.reject(1)
    takes.reject(4)
    takes.remove_rejected()
    assert [each.number for each in session_of(services).solos] == [2, 3]
    assert services.document.undo_name == "Remove 2 rejected solos"
    services.document.undo()
    assert len(session_of(services).solos) == 4
    assert session_of(services).selected_number == 2


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ouvertüre 序曲", "Ouvertüre 序曲"),
        ("  two\n lines ", "two lines"),
        ("", "Solo 2"),
        ("Solo 2", "Solo 2"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_solo_is_called_what_was_typed(
    services: Services, takes: Takes, typed: str, name: str
) -> None:
    takes.rename(2, "before")
    takes.rename(2, typed)
    assert solo_of(services, 2).name == name
    services.document.undo()
    assert solo_of(services, 2).name == "before"


def test_the_name_it_has_is_no_step(services: Services, takes: Takes) -> None:
    takes.rename(2, "Solo 2")
    assert services.document.undo_name == "Continue"


def test_solos_are_listed_by_what_is_asked_for() -> None:
    solos = tuple(
        NumberedSolo(
            number,
            solo(60 + number),
            title=title,
            is_starred=number == 3,
            is_rejected=number == 4,
            origin=origin,
        )
        for number, title, origin in (
            (10, "", ""),
            (2, "", "bars 3–4 of Solo 1 anew"),
            (3, "Älter", ""),
            (4, "", ""),
        )
    )

    def numbers(**view: str) -> list[int]:
        return [each.number for each in listed(solos, TakesView(**view))]  # type: ignore[arg-type]

    assert numbers() == [10, 2, 3]
    assert numbers(shows="starred") == [3]
    assert numbers(shows="rejected") == [4]
    assert numbers(order="starred") == [3, 10, 2]
    assert numbers(order="name") == [2, 10, 3]
    assert numbers(order="seed") == [10, 3, 2]
    assert numbers(words="ANEW solo") == [2]
    assert numbers(words="älter") == [3]
    assert numbers(words="30") == [10]  # its seed
    assert numbers(words="nothing like it") == []


def test_comparing_switches_what_is_heard_at_the_same_place(
    services: Services, takes: Takes, engine: ScriptedEngine
) -> None:
    takes.compare(3)
    assert takes.comparison == Comparison(1, 3)
    assert session_of(services).selected_number == 3
    assert services.player.is_playing
    engine.move_playhead(2500.0)
    takes.swap()
    assert session_of(services).selected_number == 1
    assert services.player.playhead_ticks == 2500.0
    takes.compare(1)  # its own button does the same
    assert session_of(services).selected_number == 3
    takes.end_comparison()
    takes.swap()
    assert session_of(services).selected_number == 3


def test_the_other_one_is_sent_without_a_place_so_that_there_is_no_gap(
    services: Services, takes: Takes, engine: ScriptedEngine, qtbot
) -> None:
    takes.compare(3)
    engine.move_playhead(2500.0)
    n_sent = len(engine.sent)
    takes.swap()
    qtbot.waitUntil(lambda: len(engine.sent) > n_sent)
    sent = engine.sent[-1]
    assert isinstance(sent, PlayClip)
    assert sent.start_ticks is None


@pytest.mark.parametrize("how", ["choose", "reject", "remove", "undo"])
def test_a_comparison_ends_when_one_of_the_two_is_left(
    services: Services, takes: Takes, how: str
) -> None:
    takes.compare(3)
    {
        "choose": lambda: services.document.select_solo(4),
        "reject": lambda: takes.reject(1),
        "remove": lambda: takes.remove(3),
        "undo": services.document.undo,
    }[how]()
    assert takes.comparison is None


def test_a_solo_is_not_compared_with_itself(services: Services, takes: Takes) -> None:
    takes.compare(1)
    assert takes.comparison is None
    assert not services.player.is_playing


def test_the_first_bars_taken_begin_a_comp(services: Services, takes: Takes) -> None:
    assert takes.plan == CompPlan(None, (1, 1, 1, 1), 1)
    services.document.select_solo(3)
    assert takes.plan == CompPlan(None, (1, 1, 1, 1), 3)
    takes.take_bars(BarRange(1, 2), 3)
    comp = solo_of(services, 5)
    assert (comp.name, comp.origin, comp.comp) == ("Comp 1", "comp", (1, 3, 3, 1))
    assert session_of(services).selected_number == 5
    assert pitches_of(services, 5) == [60, 62, 62, 60]
    assert services.document.undo_name == "Comp 1: bars 2–3 from Solo 3"
    services.document.undo()
    assert session_of(services).solo_numbered(5) is None
    assert takes.plan.number is None


def test_further_bars_change_the_comp_in_place(services: Services, takes: Takes) -> None:
    services.document.select_solo(2)
    takes.take_bars(BarRange(0, 1), 2)
    services.document.select_solo(4)
    assert takes.plan == CompPlan(5, (2, 1, 1, 1), 4)
    takes.take_bars(BarRange(3, 1), 4)
    assert session_of(services).last_number == 5
    assert solo_of(services, 5).comp == (2, 1, 1, 4)
    assert pitches_of(services, 5) == [61, 60, 60, 63]
    assert session_of(services).selected_number == 5
    services.document.undo()
    assert pitches_of(services, 5) == [61, 60, 60, 60]


def test_trying_solos_for_the_same_bar_is_one_step(services: Services, takes: Takes) -> None:
    takes.take_bars(BarRange(0, 1), 2)
    for number in (2, 3, 4):
        takes.take_bars(BarRange(2, 1), number)
    assert pitches_of(services, 5) == [61, 60, 63, 60]
    services.document.undo()
    assert pitches_of(services, 5) == [61, 60, 60, 60]


@pytest.mark.parametrize("how", ["change", "remove", "reject"])
def test_a_comp_keeps_its_notes_whatever_becomes_of_its_sources(
    services: Services, takes: Takes, how: str
) -> None:
    takes.take_bars(BarRange(1, 1), 2)
    session = session_of(services)
    {
        "change": lambda: services.document.do("Edit", session.with_solo(2, solo=solo(72))),
        "remove": lambda: takes.remove(2),
        "reject": lambda: takes.reject(2),
    }[how]()
    assert pitches_of(services, 5) == [60, 61, 60, 60]
    takes.take_bars(BarRange(3, 1), 4)
    assert pitches_of(services, 5) == [60, 61, 60, 63]


def test_an_edited_comp_keeps_what_was_edited(services: Services, takes: Takes) -> None:
    takes.take_bars(BarRange(1, 1), 2)
    comp = solo_of(services, 5)
    notes = comp.solo.clip.notes
    edited = comp.edited(comp.solo.clip.with_notes((*notes[:3], replace(notes[3], pitch=80))))
    session = session_of(services).with_solo(5, solo=edited.solo, made_clip=edited.made_clip)
    services.document.do("Edit", session)
    takes.take_bars(BarRange(0, 1), 3)
    assert pitches_of(services, 5) == [62, 61, 60, 80]
    assert not solo_of(services, 5).is_edited  # it is made anew, of what it was edited to


def test_only_solos_that_have_the_bars_are_offered(services: Services, takes: Takes) -> None:
    services.document.add_solos((solo(70, 2),))
    services.document.select_solo(1)
    takes.take_bars(BarRange(0, 1), 2)  # begins with the newest, which has two bars
    services.document.select_solo(1)
    takes.begin_comp()
    assert [each.number for each in takes.offers([1])] == [1, 2, 3, 4, 5, 6]
    assert [each.number for each in takes.offers([1, 2])] == [1, 2, 3, 4]
    takes.reject(3)
    assert [each.number for each in takes.offers([3])] == [1, 2, 4]
    before = session_of(services)
    takes.take_bars(BarRange(2, 1), 5)
    takes.take_bars(BarRange(2, 9), 1)
    takes.take_bars(BarRange(2, 1), 3)
    assert session_of(services) == before


def test_a_new_comp_begins_as_the_chosen_solo(services: Services, takes: Takes) -> None:
    takes.take_bars(BarRange(1, 1), 2)
    services.document.select_solo(4)
    takes.begin_comp()
    comp = solo_of(services, 6)
    assert (comp.name, comp.comp) == ("Comp 2", (4, 4, 4, 4))
    assert comp.solo == solo_of(services, 4).solo
    assert takes.plan == CompPlan(6, (4, 4, 4, 4), 4)
    services.document.select_solo(5)
    assert takes.plan == CompPlan(5, (1, 2, 1, 1), 4)


def test_a_rejected_comp_is_not_gone_on_with(services: Services, takes: Takes) -> None:
    takes.take_bars(BarRange(1, 1), 2)
    takes.reject(5)
    assert takes.plan.number is None
    services.document.select_solo(1)
    takes.take_bars(BarRange(0, 1), 2)
    assert solo_of(services, 6).name == "Comp 2"
    assert solo_of(services, 5).comp == (1, 2, 1, 1)


def test_without_solos_there_is_nothing_to_comp(services: Services) -> None:
    services.takes.begin_comp()
    assert services.takes.plan == CompPlan()
    assert session_of(services).solos == ()


def test_new_answers_are_what_a_comp_begins_with(services: Services, takes: Takes) -> None:
    services.document.select_solo(3)
    services.document.add_solos((solo(70), solo(71)))
    assert takes.plan == CompPlan(None, (5, 5, 5, 5), 5)


def test_the_settings_of_a_solo_become_the_wishes(services: Services, takes: Takes) -> None:
    document = services.document
    document.choose_character("blues-rock")
    document.change_manner(density=0.9, swing=None)
    document.change_wishes(n_bars=12, lowest_pitch=40, highest_pitch=80, has_pickup=True)
    asked = document.session.wishes
    character = find_character("blues-rock")
    assert character is not None
    settings = {
        "key": "F minor",
        "n_bars": 12,
        "surprise": asked.surprise,
        "is_key_locked": asked.is_key_locked,
        "lowest_pitch": 40,
        "highest_pitch": 80,
        "furthest_leap": asked.furthest_leap,
        "has_pickup": True,
        "style": character.style,
        **{
            name: value
            for name in Manner.__dataclass_fields__
            if (value := getattr(asked.manner, name)) is not None
        },
    }
    document.add_solos((replace(solo(60), settings=settings),))
    document.choose_character("")
    document.change_wishes(n_bars=2, n_takes=7, seed=5, has_pickup=False)
    takes.use_wishes(document.session.last_number)
    wishes = document.session.wishes
    assert wishes == replace(asked, n_takes=7, seed=5, model_id="echo")
    assert document.undo_name == "Use the settings of Solo 5"


def test_settings_that_cannot_be_leave_the_wishes_alone(services: Services, takes: Takes) -> None:
    strange = {"lowest_pitch": 99, "highest_pitch": 3, "density": 7.0, "n_bars": "many"}
    services.document.add_solos((replace(solo(60), settings=strange),))
    before = session_of(services).wishes
    takes.use_wishes(5)
    assert session_of(services).wishes == replace(before, model_id="echo")


def test_a_kept_seed_stays_for_the_next_answers(services: Services) -> None:
    services.document.change_wishes(seed=7, is_seed_kept=True)
    services.document.add_solos((solo(60),))
    assert session_of(services).wishes.seed == 7


def test_another_session_has_its_own_comp_and_comparison(services: Services, takes: Takes) -> None:
    services.document.select_solo(1)
    takes.compare(2)
    takes.begin_comp()
    takes.compare(2)
    assert takes.comparison is not None
    assert takes.plan.number == 5
    other = Session(primer=services.document.session.primer)
    other = other.with_new_solos(tuple(solo(70 + index) for index in range(6)))
    services.document.open(replace(other, selected_number=2))
    assert takes.comparison is None
    assert takes.plan == CompPlan(None, (2,) * 4, 2)


def test_a_comp_goes_on_in_another_metre(services: Services, takes: Takes) -> None:
    services.document.select_solo(1)
    takes.begin_comp()
    takes.take_bars(BarRange(0, 1), 2)
    services.document.set_meter(2, 4)
    assert takes.plan == CompPlan(5, (5,) * 8, 2)
    takes.take_bars(BarRange(1, 2), 3)
    assert takes.plan == CompPlan(5, (5, 3, 3, 5, 5, 5, 5, 5), 3)
    assert pitches_of(services, 5) == [61, 62, 60, 60]
    for _ in range(2):
        services.document.undo()
    assert takes.plan.bars == (2, 1, 1, 1)
