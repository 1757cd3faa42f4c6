"""Chords tried out, and chords taken from a keyboard."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services
from musicassist.app.chord_keys import voiced
from musicassist.app.notices import Notice
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import KeyMoved, PhraseCaptured, PressKey, ReleaseKey
from musicassist.music.chord_recognition import KINDS
from musicassist.music.chords import parse_chord
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take


@pytest.fixture
def played(services: Services) -> list[str]:
    names: list[str] = []
    services.chords.played.played.connect(names.append)
    return names


def press(engine: ScriptedEngine, *pitches: int, source: str = "V49") -> None:
    for pitch in pitches:
        engine.say(KeyMoved(pitch, is_down=True, is_playback=False, source=source))


def let_go(engine: ScriptedEngine, *pitches: int, source: str = "V49") -> None:
    for pitch in pitches:
        engine.say(KeyMoved(pitch, is_down=False, is_playback=False, source=source))


def chord_take() -> Take:
    events = [RawEvent(0, NOTE_ON, pitch, 80) for pitch in (53, 56, 60)]
    events += [RawEvent(900_000_000, NOTE_OFF, pitch) for pitch in (53, 56, 60)]
    return Take(tuple(events), "V49")


@pytest.mark.parametrize("kind", KINDS)
def test_a_voicing_has_all_notes_of_its_chord_and_its_bass_below(kind: str) -> None:
    for bass in ("", "/Db"):
        chord = parse_chord(f"F{kind}{bass}")
        pitches = voiced(chord)
        assert {pitch % 12 for pitch in pitches} == chord.pitch_classes
        assert pitches[0] % 12 == (1 if bass else 5)
        assert all(40 <= pitch <= 67 for pitch in pitches)
    assert voiced(parse_chord("NC")) == ()


def test_a_chord_is_tried_out_softly_and_ends_by_itself(
    services: Services, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    preview = services.chords.preview
    preview.sound(parse_chord("F"))
    pressed = [each for each in engine.sent if isinstance(each, PressKey)]
    assert {each.pitch % 12 for each in pressed} == {5, 9, 0}
    assert not any(each.is_kept for each in pressed)
    qtbot.waitUntil(lambda: isinstance(engine.sent[-1], ReleaseKey), timeout=5_000)
    released = [each for each in engine.sent if isinstance(each, ReleaseKey)]
    assert {each.pitch for each in released} == {each.pitch for each in pressed}
    preview.set_on(False)
    n_sent = len(engine.sent)
    preview.sound(parse_chord("F"))
    assert len(engine.sent) == n_sent


def test_what_is_held_is_named_and_handed_over_when_it_is_let_go(
    services: Services, engine: ScriptedEngine, played: list[str]
) -> None:
    named: list[str] = []
    services.chords.played.named.connect(named.append)
    press(engine, 53, 56, 60)
    let_go(engine, 53, 56, 60)
    assert not played
    services.chords.played.listen(True)
    press(engine, 53, 56, 60, 63)
    assert named[-1] == "Fm7"
    let_go(engine, 60)
    assert not played
    let_go(engine, 53, 56, 63)
    assert played == ["Fm7"]
    assert named[-1] == ""
    press(engine, 61)
    let_go(engine, 61)
    assert played == ["Fm7"]


def test_two_keyboards_and_playback_are_kept_apart(
    services: Services, engine: ScriptedEngine, played: list[str]
) -> None:
    services.chords.played.listen(True)
    engine.say(KeyMoved(50, is_down=True, is_playback=True))
    press(engine, 49, 53)
    press(engine, 53, 56, source="Keystep")
    let_go(engine, 49, 53)
    assert not played
    let_go(engine, 53, 56, source="Keystep")
    assert played == ["Db"]


def test_an_engine_that_goes_leaves_no_key_down(
    services: Services, engine: ScriptedEngine, played: list[str]
) -> None:
    services.chords.played.listen(True)
    press(engine, 50)
    engine.die()
    press(engine, 53, 56, 60)
    let_go(engine, 53, 56, 60)
    assert played == ["Fm"]
    services.notices.clear()


def test_chords_that_are_played_take_no_phrases_place(
    services: Services, engine: ScriptedEngine
) -> None:
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    before = services.document.session.primer
    services.chords.played.listen(True)
    press(engine, 53, 56, 60)
    let_go(engine, 53, 56, 60)
    services.chords.played.listen(False)  # before the engine knows that the phrase is over
    engine.say(PhraseCaptured(chord_take()))
    assert services.document.session.primer is before
    assert seen[-1].text == "You played chords: 3 notes."
    press(engine, 53, 56, 60)
    engine.say(PhraseCaptured(chord_take()))
    assert services.document.session.primer is not before


def test_chords_that_are_played_can_become_the_phrase(
    services: Services, engine: ScriptedEngine
) -> None:
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    services.chords.played.listen(True)
    press(engine, 53, 56, 60)
    engine.say(PhraseCaptured(chord_take()))
    assert seen[-1].action is not None
    seen[-1].action()
    primer = services.document.session.primer
    assert primer is not None
    assert len(primer.notes) == 3
