"""Changing the chords, and hearing them."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services
from musicassist.app.demo import demo_session
from musicassist.app.notices import Notice
from musicassist.app.progression_presets import Preset, all_presets
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.errors import ChordSpellingError
from musicassist.generation.primer_harmony import harmony_of
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.music.solo import Solo

BAR = 1920
BEAT = 480


@pytest.fixture
def seen(services: Services) -> list[Notice]:
    notices: list[Notice] = []
    services.notices.posted.connect(notices.append)
    return notices


def text(services: Services) -> str:
    """Return the chords, having checked that text and value say the same."""
    session = services.document.session
    read = parse_progression(session.progression_text, session.timebase)
    assert (session.progression or parse_progression("", session.timebase)) == read
    return session.progression_text


def preset(title: str) -> Preset:
    return next(each for each in all_presets() if each.title == title)


def without_chords(services: Services) -> None:
    services.document.replace_session(
        replace(demo_session(), progression=None, progression_text="", key=None), "Clear"
    )


def test_chords_that_nobody_understands_change_nothing(services: Services) -> None:
    before = services.document.session
    for wrong in ("Fm | Hullabaloo", "H"):
        with pytest.raises(ChordSpellingError):
            services.chords.set_text(wrong)
    for wrong in ("Hullabaloo", "Fm H7", "Fm | H7"):
        with pytest.raises(ChordSpellingError):
            services.chords.set_chord(0, BAR, wrong)
    assert services.document.session is before


def test_no_chords_are_chords_too(services: Services) -> None:
    services.chords.set_text("   ")
    assert services.document.session.progression is None
    assert text(services) == ""


def test_one_chord_is_put_into_a_bar_as_one_step(services: Services) -> None:
    services.chords.set_chord(BAR, 2 * BAR, "Bbm7")
    assert text(services) == "Fm | Bbm7 | Eb7 | C7"
    assert services.document.undo_name == "Enter Bbm7"
    services.chords.set_chord(2 * BAR, 3 * BAR, "Ab")
    services.document.undo()
    assert text(services) == "Fm | Bbm7 | Eb7 | C7"
    services.document.undo()
    assert text(services) == "Fm | Db | Eb7 | C7"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Db Eb7", "Fm | Db Eb7 | Eb7 | C7"),
        ("/ Db", "Fm | Fm Db | Eb7 | C7"),
        ("Db / / C", "Fm | Db / / C | Eb7 | C7"),
        ("Bbm | Cm", "Fm | Bbm | Cm | C7"),
        ("Bb minor-seventh", "Fm | Bbm7 | Eb7 | C7"),
        ("nc", "Fm | nc | Eb7 | C7"),
    ],
)
def test_several_chords_can_be_typed_into_one_cell(
    services: Services, typed: str, written: str
) -> None:
    services.chords.set_chord(BAR, 2 * BAR, typed)
    assert text(services) == written


def test_a_repeat_that_is_edited_is_written_out_and_what_follows_stays(services: Services) -> None:
    services.chords.set_text("Fm | Db")
    services.chords.set_chord(2 * BAR, 3 * BAR, "Ab")
    assert text(services) == "Fm | Db | Ab | Db"


def test_the_first_chord_of_an_empty_track_repeats(services: Services) -> None:
    services.document.open(Session())
    services.chords.set_chord(0, BAR, "Fm")
    assert text(services) == "Fm"
    services.chords.set_chord(BAR, 2 * BAR, "Db")
    assert text(services) == "Fm | Db"
    services.chords.set_chord(3 * BAR, 4 * BAR, "C7")
    assert text(services) == "Fm | Db | Fm | C7"


def test_clearing_lets_the_chord_before_hold_on(services: Services) -> None:
    services.chords.clear(BAR, 3 * BAR)
    assert text(services) == "Fm | / | / | C7"
    services.chords.clear(0, BAR)
    assert text(services) == "NC | Fm | / | C7"
    services.chords.clear(0, 4 * BAR)
    assert services.document.session.progression is None
    services.document.undo()
    assert text(services) == "NC | Fm | / | C7"


def test_bars_can_be_cut_out_and_the_end_be_moved(services: Services) -> None:
    services.chords.remove_bars(BAR, 2 * BAR)
    assert text(services) == "Fm | Eb7 | C7"
    services.chords.repeat_to(6 * BAR - 200)
    assert text(services) == "Fm | Eb7 | C7 | / | / | /"
    services.chords.repeat_to(-500)
    assert text(services) == "Fm"


def test_an_end_that_is_dragged_to_and_fro_loses_no_chord(services: Services) -> None:
    before = services.document.session
    for end_ticks in (3 * BAR, BAR, 2 * BAR, 4 * BAR):
        services.chords.repeat_to(end_ticks, "drag 1")
    assert services.document.session == before
    services.chords.repeat_to(BAR, "drag 2")
    services.chords.repeat_to(3 * BAR, "drag 2")
    assert text(services) == "Fm | Db | Eb7"
    services.document.undo()
    assert services.document.session == before


def test_a_drag_is_one_step_however_far_it_goes(services: Services) -> None:
    place = BAR
    for to_ticks in (BAR - BEAT, BAR - 2 * BEAT, -BAR):
        place = services.chords.move_change(place, to_ticks, "drag 1")
    assert place == BEAT
    assert text(services) == "Fm Db / / | / | Eb7 | C7"
    services.document.undo()
    assert text(services) == "Fm | Db | Eb7 | C7"


def test_what_is_copied_can_be_put_elsewhere(services: Services) -> None:
    part = services.chords.part(BAR, 3 * BAR)
    services.chords.put(3 * BAR, part)
    assert text(services) == "Fm | Db | Eb7 | Db | Eb7 | Db | Eb7 | C7"


def test_transposing_a_range_leaves_the_others(services: Services, seen: list[Notice]) -> None:
    services.chords.transpose(2, 0, 2 * BAR)
    assert text(services) == "Gm | Eb | Eb7 | C7"
    assert seen[-1].text == "Chords moved up 2 semitones."


def test_transposing_all_chords_spells_them_in_the_new_key(services: Services) -> None:
    services.chords.transpose(-1, 0, 4 * BAR)
    assert text(services) == "Em | C | D7 | B7"


def test_transposing_everything_moves_key_phrase_and_solo_and_loses_nothing(
    services: Services, qtbot: QtBot, seen: list[Notice]
) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
    before = services.document.session
    services.chords.transpose_everything(3)
    after = services.document.session
    assert after.key == Key.parse("Abm")
    assert before.primer is not None
    assert after.primer is not None
    assert [note.pitch for note in after.primer.notes] == [
        note.pitch + 3 for note in before.primer.notes
    ]
    old, new = before.selected_solo, after.selected_solo
    assert old is not None
    assert new is not None
    assert [note.pitch for note in new.solo.clip.notes] == [
        note.pitch + 3 for note in old.solo.clip.notes
    ]
    assert after.solo_numbered(old.number) == old
    assert (old.solo.settings["key"], new.solo.settings["key"]) == ("F minor", "G# minor")
    assert new.origin == "Solo 1 moved up 3 semitones"
    assert text(services) == "G#m | E | F#7 | D#7"
    services.document.undo()
    assert services.document.session == before
    services.chords.transpose_everything(100)
    assert services.document.session == before
    assert "nothing was moved" in seen[-1].text


def test_a_preset_sounds_in_the_key_of_the_session(services: Services, seen: list[Notice]) -> None:
    services.chords.apply_preset(preset("12-bar blues"), None)
    assert text(services).startswith("F7 | Bb7 | F7 | %")
    services.chords.apply_preset(preset("Pop four"), None)
    assert text(services) == "Ab | Eb | Fm | Db"
    assert seen[-1].text == "Pop four in Ab major."
    services.chords.apply_preset(preset("Andalusian"), (2 * BAR, 4 * BAR))
    assert text(services) == "Ab | Eb | Fm | Eb"
    services.document.undo()
    assert services.document.undo_name == "Use Pop four"


def test_a_preset_without_any_key_is_in_c(services: Services) -> None:
    services.document.replace_session(Session(), "Start")
    services.chords.apply_preset(preset("ii-V-I"), None)
    assert text(services) == "Dm7 | G7 | Cmaj7 | %"
    assert services.document.session.key is None


def test_chords_are_found_in_a_phrase_and_the_key_is_offered(
    services: Services, qtbot: QtBot, seen: list[Notice]
) -> None:
    without_chords(services)
    services.chords.find_in_phrase()
    qtbot.waitUntil(lambda: services.document.session.progression is not None, timeout=5_000)
    session = services.document.session
    assert session.primer is not None
    found = harmony_of(session.primer, session.timebase, None, 4 * BAR)
    assert text(services).startswith("Fm")
    assert session.key is None
    assert seen[-1].action_name == f"Use {found.key.name}"
    assert seen[-1].action is not None
    seen[-1].action()
    assert services.document.session.key == found.key
    services.document.undo()
    services.document.undo()
    assert services.document.session.progression is None


def test_without_a_phrase_there_is_nothing_to_find(services: Services, seen: list[Notice]) -> None:
    services.document.open(Session())
    services.chords.find_in_phrase()
    assert seen[-1].is_error


def test_another_phrase_gets_no_chords_of_the_one_before(services: Services, qtbot: QtBot) -> None:
    without_chords(services)
    services.chords.find_in_phrase()
    services.document.replace_primer(Clip((Note(0, 400, 61),), BAR))
    qtbot.waitUntil(lambda: not services.chords._search.is_busy, timeout=5_000)
    assert services.document.session.progression is None


def test_what_the_soloist_hears_can_be_kept(services: Services, qtbot: QtBot) -> None:
    with qtbot.waitSignal(services.chords.changed, timeout=5_000):
        without_chords(services)
    heard = services.chords.heard
    assert heard is not None
    assert heard.length_ticks == 4 * BAR
    assert services.chords.key == Key.parse("Fm")
    services.chords.keep_heard()
    assert services.document.session.progression is not None
    assert services.chords.heard is None
    assert text(services).startswith("Fm")


def test_the_first_edit_takes_over_what_is_heard(services: Services, qtbot: QtBot) -> None:
    with qtbot.waitSignal(services.chords.changed, timeout=5_000):
        without_chords(services)
    services.chords.set_chord(3 * BAR, 4 * BAR, "C7b9")
    assert text(services).startswith("Fm")
    assert text(services).endswith("| C7b9")


def test_the_chords_heard_reach_under_the_chosen_solo(services: Services, qtbot: QtBot) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
    with qtbot.waitSignal(services.chords.changed, timeout=5_000):
        services.document.do(
            "Clear", replace(services.document.session, progression=None, progression_text="")
        )
    heard = services.chords.heard
    assert heard is not None
    assert heard.length_ticks == 12 * BAR


def test_a_solo_that_plays_follows_its_chords_from_where_they_change(
    services: Services, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
    before = services.document.session
    engine.move_playhead((4 + 1) * BAR + 500.0)  # in the second bar of the solo
    for start_bar, chord in ((5, "Gb"), (6, "Ab13")):
        with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
            services.chords.set_chord((4 + start_bar) * BAR, (5 + start_bar) * BAR, chord)
    session = services.document.session
    assert len(session.solos) == len(before.solos) + 1  # both changes are followed by one solo
    followed = session.selected_solo
    assert followed is not None
    assert "bars 6-8" in str(followed.solo.settings["regenerated"])
    services.document.undo()
    assert text(services) == "Fm | Db | Eb7 | C7 | Fm | Db | Eb7 | C7 | Fm | Gb | Eb7 | C7"
    assert services.document.session.selected_number == followed.number
    services.document.undo()
    assert services.document.session == before


def test_chords_that_only_the_phrase_has_leave_the_solo_alone(
    services: Services, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
    services.player.stop()
    services.chords.set_text(" | ".join(["Fm"] * 12))
    services.player.play()
    engine.move_playhead(5 * BAR)
    with qtbot.assertNotEmitted(services.soloist.solos_made, wait=60):
        services.chords.set_chord(0, BAR, "Db")
    assert len(services.document.session.solos) == 4


def test_chords_entered_last_are_remembered(services: Services) -> None:
    for bar, chord in enumerate(("Ab", "Bbm7", "Ab", "Db C7")):
        services.chords.set_chord(bar * BAR, (bar + 1) * BAR, chord)
    assert services.chords.recent == ("C7", "Db", "Ab", "Bbm7")


def test_a_solo_made_from_a_higher_phrase_is_not_moved_out_of_the_range_of_notes(
    services: Services, seen: list[Notice]
) -> None:
    high = Clip((Note(0, 480, 120),), BAR)
    services.document.add_solos((Solo(Clip((Note(0, 480, 60),), BAR), "echo", 1, high),))
    before = services.document.session
    services.chords.transpose_everything(12)
    assert services.document.session == before
    assert "nothing was moved" in seen[-1].text
