"""What becomes of what was played."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services
from musicassist.app.notices import Notice
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import LoopRange, PhraseCaptured
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.music.timebase import Timebase

BAR_TICKS = 1920


def played(*pitches: int, bpm: float = 96, beats: float = 1.0) -> Take:
    """Return notes played one after the other without the transport."""
    events = []
    for index, pitch in enumerate(pitches):
        time_ns = round(index * beats * 60e9 / bpm)
        events.append(RawEvent(time_ns, NOTE_ON, pitch, 80))
        events.append(RawEvent(time_ns + 200_000_000, NOTE_OFF, pitch))
    return Take(tuple(events), "V49")


def melody(bpm: float) -> Take:
    """Return two bars that leave no doubt about their tempo."""
    rhythm = (1, 0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5, 2)
    events, beats = [], 0.0
    for index, length in enumerate(rhythm):
        time_ns = round(beats * 60e9 / bpm)
        events.append(RawEvent(time_ns, NOTE_ON, 60 + index, 80))
        events.append(RawEvent(time_ns + round(length * 50e9 / bpm), NOTE_OFF, 60 + index))
        beats += length
    return Take(tuple(events), "V49")


def recorded(*places_ticks: float, pitch: int = 72, start_ns: int = 0) -> Take:
    """Return short notes played to the transport."""
    events, places = [], []
    for index, place in enumerate(places_ticks):
        time_ns = start_ns + index * 1_000_000_000
        events += [RawEvent(time_ns, NOTE_ON, pitch, 90), RawEvent(time_ns + 1, NOTE_OFF, pitch)]
        places += [place, place + 200]
    return Take(tuple(events), "V49", tuple(places))


def onsets(services: Services) -> list[int]:
    primer = services.document.session.primer
    assert primer is not None
    return [note.onset_ticks for note in primer.notes]


def bpm_of(services: Services) -> float:
    return services.document.session.timebase.tempos[0].bpm


@pytest.fixture
def seen(services: Services) -> list[Notice]:
    notices: list[Notice] = []
    services.notices.posted.connect(notices.append)
    return notices


@pytest.fixture
def empty(services: Services, seen: list[Notice]) -> Services:
    services.document.replace_session(Session(), "Start a new idea")
    services.settings.change(count_in_bars=0)
    seen.clear()
    return services


def add_solo(services: Services) -> None:
    primer = services.document.session.primer
    assert primer is not None
    services.document.add_solos((Solo(primer, "echo", 1, primer),))


# Captured without being asked.


def test_a_played_phrase_becomes_the_primer_by_itself(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    before = services.document.session
    take = played(60, 62, 64)
    engine.say(PhraseCaptured(take))
    assert onsets(services) == [0, 480, 960]
    assert services.document.session.primer_take is take
    assert seen[-1].text == (
        "Your phrase: 3 notes in 1 bar, kept at 96 BPM: its own tempo is not clear."
    )
    assert seen[-1].action is not None
    seen[-1].action()
    assert services.document.session == before


def test_an_own_phrase_does_not_inherit_the_key_and_chords_of_the_demo(
    engine: ScriptedEngine, services: Services
) -> None:
    services.phrase_files.load_demo()
    assert services.document.session.key is not None
    engine.say(PhraseCaptured(played(60, 62, 64)))
    session = services.document.session
    assert (session.key, session.progression, session.progression_text) == (None, None, "")
    services.chords.set_text("C | F")
    engine.say(PhraseCaptured(played(65, 67)))
    assert services.document.session.progression_text == "C | F"


def test_playing_along_takes_nothing_away_but_can_become_the_phrase(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    services.player.play()
    before = services.document.session
    engine.say(PhraseCaptured(recorded(BAR_TICKS, BAR_TICKS + 480.0)))
    assert services.document.session is before
    assert seen[-1].text == "You played along: 2 notes in 1 bar."
    assert seen[-1].action is not None
    seen[-1].action()
    assert onsets(services) == [0, 480]
    engine.say(PhraseCaptured(played(67), was_grabbed=True))
    assert len(onsets(services)) == 1


def test_a_key_touched_in_passing_takes_no_phrase_away(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    engine.say(PhraseCaptured(melody(120)))
    before = services.document.session
    engine.say(PhraseCaptured(played(60)))
    assert services.document.session is before
    assert seen[-1].text == "You played 1 note; your phrase stays."
    engine.say(PhraseCaptured(played(60), was_grabbed=True))
    assert onsets(services) == [0]


def test_a_take_without_notes_changes_nothing(engine: ScriptedEngine, services: Services) -> None:
    before = services.document.session
    engine.say(PhraseCaptured(Take()))
    assert services.document.session is before


def test_the_same_phrase_again_offers_no_undo(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    take = played(60, 62, 64)
    for _ in range(2):
        engine.say(PhraseCaptured(take))
    assert [notice.action is None for notice in seen] == [False, True]


def test_what_was_found_again_is_said_so(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    engine.say(PhraseCaptured(melody(100), was_recovered=True))
    assert seen[-1].text.startswith("Found what you played before the sound engine stopped: 10")
    assert seen[-1].action_name == "Undo"
    assert len(onsets(services)) == 10


# Its tempo.


@pytest.mark.parametrize("bpm", [84.0, 112.0, 136.0])
def test_a_new_session_takes_the_tempo_of_what_is_played(
    engine: ScriptedEngine, services: Services, seen: list[Notice], bpm: float
) -> None:
    before = services.document.session
    engine.say(PhraseCaptured(melody(bpm)))
    assert bpm_of(services) == pytest.approx(bpm, rel=0.005)
    expected = [0, 480, 720, 960, 1440, 1920, 2160, 2400, 2640, 2880]
    assert onsets(services) == pytest.approx(expected, abs=4)
    assert seen[-1].text == f"Your phrase: 10 notes in 2 bars, at {bpm:.0f} BPM."
    services.document.undo()
    assert services.document.session == before


def test_the_next_phrase_may_bring_another_tempo_as_long_as_nothing_hangs_on_it(
    engine: ScriptedEngine, services: Services
) -> None:
    engine.say(PhraseCaptured(melody(112)))
    engine.say(PhraseCaptured(melody(90)))
    assert bpm_of(services) == pytest.approx(90, rel=0.005)


def test_a_tempo_that_was_chosen_stays_and_the_other_is_offered(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    services.document.set_tempo(140)
    engine.say(PhraseCaptured(melody(97)))
    assert bpm_of(services) == pytest.approx(140, rel=1e-4)
    assert onsets(services)[1] == pytest.approx(480 * 140 / 97, abs=2)
    assert seen[-1].action_name == "Use its tempo, 97"
    assert seen[-1].action is not None
    seen[-1].action()
    assert bpm_of(services) == pytest.approx(97, rel=0.005)
    assert onsets(services)[1] == pytest.approx(480, abs=4)
    assert services.document.undo_name == "Use its tempo"
    services.document.undo()
    assert bpm_of(services) == pytest.approx(140, rel=1e-4)


def test_a_tempo_is_not_used_for_another_phrase(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    services.document.set_tempo(140)
    engine.say(PhraseCaptured(melody(97)))
    use = seen[-1].action
    engine.say(PhraseCaptured(melody(103)))
    assert use is not None
    use()
    assert bpm_of(services) == pytest.approx(140, rel=1e-4)
    assert "Another phrase" in seen[-1].text


def test_with_solos_the_tempo_stays(engine: ScriptedEngine, services: Services) -> None:
    engine.say(PhraseCaptured(melody(112)))
    add_solo(services)
    before = bpm_of(services)
    engine.say(PhraseCaptured(melody(90)))
    assert bpm_of(services) == before


def test_what_was_played_in_the_chosen_tempo_is_no_offer(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    services.document.set_tempo(98)
    engine.say(PhraseCaptured(melody(97)))
    assert seen[-1].action_name == "Undo"
    assert bpm_of(services) == pytest.approx(98, rel=1e-4)


def test_half_and_double_read_the_same_performance(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    engine.say(PhraseCaptured(melody(100)))
    session = services.document.session
    found = bpm_of(services)
    services.phrases.reread(2.0)
    assert bpm_of(services) == pytest.approx(2 * found, rel=1e-4)
    assert onsets(services)[1] == pytest.approx(960, abs=8)
    assert services.document.undo_name == "Double tempo"
    assert seen[-1].text == "Read at 200 BPM: 10 notes in 4 bars."
    services.phrases.reread(0.5)
    assert onsets(services)[1] == pytest.approx(480, abs=4)
    services.document.undo()
    services.document.undo()
    assert services.document.session == session


def test_half_tempo_after_a_typed_one_halves_what_is_drawn(
    engine: ScriptedEngine, services: Services
) -> None:
    engine.say(PhraseCaptured(melody(100)))
    services.document.set_tempo(130)
    services.phrases.reread(0.5)
    assert bpm_of(services) == pytest.approx(65, rel=1e-4)
    assert onsets(services)[1] == pytest.approx(240, abs=4)


def test_only_a_free_phrase_can_be_read_anew(engine: ScriptedEngine, services: Services) -> None:
    assert not services.phrases.is_free
    before = services.document.session
    services.phrases.reread(2.0)
    assert services.document.session is before
    engine.say(PhraseCaptured(recorded(0.0, 480.0)))
    assert not services.phrases.is_free
    engine.say(PhraseCaptured(played(60)))
    assert not services.phrases.is_free
    engine.say(PhraseCaptured(melody(100)))
    assert services.phrases.is_free
    assert services.phrases.can_reread(2.0)
    services.document.set_tempo(390)
    assert not services.phrases.can_reread(2.0)


def test_what_was_played_to_the_transport_stands_on_its_bars(
    engine: ScriptedEngine, services: Services
) -> None:
    services.document.set_tempo(120)
    engine.say(PhraseCaptured(recorded(2 * BAR_TICKS + 480.0, 2 * BAR_TICKS + 960.0)))
    assert onsets(services) == [480, 960]
    assert bpm_of(services) == pytest.approx(120, rel=1e-4)


# Recorded.


def test_what_is_recorded_where_there_was_nothing_becomes_the_phrase(
    engine: ScriptedEngine, empty: Services, seen: list[Notice]
) -> None:
    empty.player.record()
    take = recorded(-12.0, 490.0, 967.0)
    engine.hand_over(take, end_ticks=2000)
    assert onsets(empty) == [0, 490, 967]
    assert empty.document.session.primer_take is take
    assert empty.document.undo_name == "Record"
    assert seen[-1].text == "Recorded: 3 notes in 1 bar."
    empty.document.undo()
    assert empty.document.session.primer is None


def test_it_begins_with_the_bar_it_was_played_in(engine: ScriptedEngine, empty: Services) -> None:
    empty.player.record()
    engine.hand_over(recorded(3 * BAR_TICKS + 480.0), end_ticks=4 * BAR_TICKS)
    assert onsets(empty) == [480]


def test_who_comes_in_early_after_the_count_in_means_the_first_bar(
    engine: ScriptedEngine, empty: Services
) -> None:
    empty.player.record()
    early = 2 * BAR_TICKS - 100.0
    engine.hand_over(
        recorded(early, 2 * BAR_TICKS + 480.0), start_ticks=2 * BAR_TICKS, end_ticks=3 * BAR_TICKS
    )
    assert onsets(empty) == [0, 480]


def test_an_empty_recording_changes_nothing(engine: ScriptedEngine, empty: Services) -> None:
    before = empty.document.session
    empty.player.record()
    engine.hand_over(Take())
    assert empty.document.session is before


def test_a_turn_may_be_waited_for(engine: ScriptedEngine, services: Services) -> None:
    """The first pass that comes need not be the first there was."""
    services.player.set_overdubbing(is_overdubbing=False)
    for pitch in (90, 91):
        services.player.record()
        engine.hand_over(recorded(100.0, pitch=pitch), pass_number=1, end_ticks=7680)
        services.player.stop()
    primer = services.document.session.primer
    assert primer is not None
    assert [note.pitch for note in primer.notes] == [91]
    assert services.phrases.n_passes == 1


@pytest.mark.parametrize("turn_ticks", [0, 2 * BAR_TICKS])
def test_every_turn_of_a_loop_is_a_pass_and_none_is_lost(
    qtbot: QtBot, engine: ScriptedEngine, empty: Services, turn_ticks: int
) -> None:
    """Places of a later pass may count on, or begin again at the start of the loop."""
    empty.player.set_loop(LoopRange(0, 2 * BAR_TICKS))
    empty.player.record()
    for number in range(3):
        start = number * turn_ticks
        take = recorded(start + 480.0 * number + 5, pitch=60 + number)
        engine.hand_over(
            take, pass_number=number, start_ticks=start, end_ticks=start + 2 * BAR_TICKS
        )
        assert onsets(empty) == [480 * number + 5]
    phrases = empty.phrases
    assert (phrases.n_passes, phrases.chosen_pass) == (3, 2)
    assert empty.document.undo_name == "Record pass 3"
    phrases.choose_pass(0)
    assert onsets(empty) == [5]
    assert empty.document.undo_name == "Choose pass 1"
    assert phrases.chosen_pass == 0
    for _ in range(3):
        empty.document.undo()
    assert phrases.chosen_pass == 0
    empty.player.stop()
    empty.player.record()
    with qtbot.waitSignal(phrases.passes_changed):
        engine.hand_over(recorded(0.0))
    assert phrases.n_passes == 0


def test_overdubbing_adds_to_the_phrase_in_one_step(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    before = services.document.session
    assert before.primer is not None
    services.player.record()
    engine.hand_over(recorded(100.0, 1000.0, pitch=90), end_ticks=4 * BAR_TICKS)
    after = services.document.session.primer
    assert after is not None
    assert [note.onset_ticks for note in after.notes if note.pitch == 90] == [100, 1000]
    assert len(after.notes) == len(before.primer.notes) + 2
    assert after.length_ticks == before.primer.length_ticks
    assert seen[-1].text == "Overdubbed 2 notes."
    assert services.document.undo_name == "Overdub"
    services.document.undo()
    assert services.document.session == before


def test_overdubbing_goes_on_from_pass_to_pass(engine: ScriptedEngine, services: Services) -> None:
    services.player.record()
    for number in range(2):
        engine.hand_over(recorded(100.0, pitch=90 + number), pass_number=number, end_ticks=7680)
    primer = services.document.session.primer
    assert primer is not None
    assert {90, 91} <= {note.pitch for note in primer.notes}
    assert services.phrases.n_passes == 0


def test_replacing_takes_the_place_of_what_was_there(
    engine: ScriptedEngine, services: Services
) -> None:
    before = services.document.session.primer
    assert before is not None
    services.player.set_overdubbing(is_overdubbing=False)
    services.player.start_at(BAR_TICKS)
    services.player.record()
    take = recorded(BAR_TICKS + 100.0, pitch=90)
    engine.hand_over(take, start_ticks=BAR_TICKS, end_ticks=2 * BAR_TICKS)
    after = services.document.session.primer
    assert after is not None
    second_bar = [n for n in after.notes if BAR_TICKS <= n.onset_ticks < 2 * BAR_TICKS]
    assert [(note.onset_ticks, note.pitch) for note in second_bar] == [(BAR_TICKS + 100, 90)]
    assert [n.onset_ticks for n in after.notes if n.onset_ticks < BAR_TICKS] == [
        n.onset_ticks for n in before.notes if n.onset_ticks < BAR_TICKS
    ]
    assert after.length_ticks == before.length_ticks


def test_what_is_recorded_over_the_solo_is_kept_apart(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    add_solo(services)
    before = services.document.session
    services.player.record()
    engine.hand_over(recorded(4 * BAR_TICKS + 480.0, pitch=90), end_ticks=8 * BAR_TICKS)
    assert services.document.session is before
    assert seen[-1].text == "You recorded over the solo: 1 note."
    assert seen[-1].action is not None
    seen[-1].action()
    assert onsets(services) == [480]


def test_what_was_recorded_is_not_captured_as_well(engine: ScriptedEngine, empty: Services) -> None:
    empty.player.record()
    take = recorded(0.0, 480.0)
    engine.hand_over(take)
    empty.player.stop()
    before = empty.document.session
    engine.say(PhraseCaptured(take))
    assert empty.document.session is before
    engine.say(PhraseCaptured(take, was_grabbed=True))
    assert empty.document.session.primer == before.primer
    engine.say(PhraseCaptured(recorded(0.0, start_ns=10**12)))
    assert empty.document.session.primer != before.primer


def test_nothing_is_offered_while_it_is_recorded(
    engine: ScriptedEngine, empty: Services, seen: list[Notice]
) -> None:
    empty.player.record()
    engine.say(PhraseCaptured(recorded(0.0, 480.0)))
    assert seen == []


def test_what_was_played_before_the_recording_is_not_lost(
    engine: ScriptedEngine, empty: Services, seen: list[Notice]
) -> None:
    """It comes to rest during the count-in."""
    empty.player.record()
    engine.say(PhraseCaptured(melody(120)))
    assert empty.document.session.primer is None
    assert seen[-1].text == "You played before the recording: 10 notes in 2 bars."
    seen[-1].action()
    assert empty.document.session.primer is not None


def test_recorded_notes_are_as_they_were_played(engine: ScriptedEngine, empty: Services) -> None:
    empty.document.change_timing(strength=1.0)
    empty.player.record()
    engine.hand_over(recorded(13.0, 507.0))
    assert onsets(empty) == [13, 507]


def test_the_tempo_of_an_empty_session_is_free_too(engine: ScriptedEngine, empty: Services) -> None:
    assert empty.document.session.timebase == Timebase()
    engine.say(PhraseCaptured(melody(104)))
    assert bpm_of(empty) == pytest.approx(104, rel=0.005)
